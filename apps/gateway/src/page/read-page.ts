import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { BatonError } from '@baton/contracts';

/** One file of the page, as it is and as the build packed it. */
export interface PageFile {
  readonly type: string;
  readonly bytes: Buffer;
  /** Null where the build made none. */
  readonly brotli: Buffer | null;
  readonly gzip: Buffer | null;
  /** Without quotes. */
  readonly tag: string;
  /** Its name has a hash of what is in it: under that name it never changes. */
  readonly isLasting: boolean;
}

/** All that is ever served of the page, by its path in an address: what is not here cannot be read, whatever is asked for. */
export type PageFiles = ReadonlyMap<string, PageFile>;

export const INDEX = '/index.html';

/** In the folder of assets the build gives all files such names. */
const LASTING = /^\/assets\//;

/** More is no page but a folder that was named by mistake, and all of it would stay in memory. */
const MOST_FILES = 1_000;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

const PACKED = /\.(br|gz)$/;

/**
 * Reads a built page into memory: it is a few files, and which they are is known from here on.
 *
 * @returns null where there is none in the folder
 * @throws BatonError `page-too-large`
 */
export async function readPage(folder: string): Promise<PageFiles | null> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((thrown: unknown) => {
    if (thrown instanceof Error && 'code' in thrown && ['ENOENT', 'ENOTDIR'].includes(String(thrown.code))) return [];
    throw thrown;
  });
  // What is no plain file, such as a link to elsewhere, is none of the build.
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const names = paths.map((path) => `/${relative(folder, path).split(sep).join('/')}`);
  if (!names.includes(INDEX)) return null;
  if (names.length > MOST_FILES) {
    throw new BatonError(`The folder ${folder} has ${names.length} files, which is more than a page has.`, {
      code: 'page-too-large',
      next: 'Set BATON_WEB to the folder that the build of the page made, or to off.',
    });
  }
  const all = new Map<string, Buffer>();
  for (const [n, path] of paths.entries()) all.set(names[n] ?? '', await readFile(path));
  const files = [...all].flatMap(([name, bytes]): readonly (readonly [string, PageFile])[] => {
    const isOfAnother = PACKED.test(name) && all.has(name.replace(PACKED, ''));
    return isOfAnother || name.endsWith('.map') ? [] : [[name, fileOf(name, bytes, all)]];
  });
  return new Map(files);
}

const fileOf = (name: string, bytes: Buffer, all: ReadonlyMap<string, Buffer>): PageFile => ({
  type: TYPES[extname(name)] ?? 'application/octet-stream',
  bytes,
  brotli: all.get(`${name}.br`) ?? null,
  gzip: all.get(`${name}.gz`) ?? null,
  tag: createHash('sha256').update(bytes).digest('hex').slice(0, 32),
  isLasting: LASTING.test(name),
});
