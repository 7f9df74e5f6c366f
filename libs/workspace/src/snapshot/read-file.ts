import { constants } from 'node:fs';
import { lstat, open, readlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { toError } from '@baton/contracts';
import type { FileMode } from '../tree/tree.js';
import { type Limits, tooLargeReason } from './limits.js';

/** What was found at a path: the file, nothing, or what keeps it out. */
export type ReadFile =
  | { readonly found: 'file'; readonly bytes: Buffer; readonly mode: FileMode }
  | { readonly found: 'nothing' }
  | { readonly found: 'refused'; readonly reason: string }
  /** Something may be there: the machine does not say. */
  | { readonly found: 'unreadable'; readonly reason: string };

export const NO_FILE = 'it is no file but a device, a pipe or a socket';

const refused = (reason: string): ReadFile => ({ found: 'refused', reason });

/** Reads files below a folder, and follows no link, at the end of a path or on the way. */
export function fileReader(folder: string, limits: Limits): (path: string) => Promise<ReadFile> {
  const folders = new Map<string, Promise<boolean>>([['', Promise.resolve(true)]]);
  const isFolder = (path: string): Promise<boolean> => {
    const known = folders.get(path);
    if (known !== undefined) return known;
    const parent = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    const found = isFolder(parent).then(async (above) => above && (await lstat(join(folder, path))).isDirectory());
    folders.set(path, found);
    return found;
  };
  return async (path) => {
    try {
      if (!(await isFolder(path.slice(0, Math.max(0, path.lastIndexOf('/')))))) return { found: 'nothing' };
      return await readRegular(folder, join(folder, path), limits);
    } catch (thrown) {
      const reason = unreadableReason(thrown);
      return reason === null ? { found: 'nothing' } : { found: 'unreadable', reason };
    }
  };
}

async function readRegular(folder: string, file: string, limits: Limits): Promise<ReadFile> {
  const info = await lstat(file);
  if (info.isSymbolicLink()) return refused(await linkReason(folder, file));
  if (info.isDirectory()) return refused('it is a submodule, a repository of its own');
  if (!info.isFile()) return refused(NO_FILE);
  if (info.size > limits.fileBytes) return refused(tooLargeReason(limits));
  // Between the look and the opening it may have become something else: a link is not followed, a pipe not waited for.
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const opened = await handle.stat();
    if (!opened.isFile()) return refused(NO_FILE);
    if (opened.size > limits.fileBytes) return refused(tooLargeReason(limits));
    const bytes = Buffer.alloc(opened.size);
    let length = 0;
    while (length < bytes.length) {
      const { bytesRead } = await handle.read(bytes, length, bytes.length - length, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return {
      found: 'file',
      bytes: bytes.subarray(0, length),
      mode: (opened.mode & 0o111) === 0 ? '100644' : '100755',
    };
  } finally {
    await handle.close();
  }
}

/** What an error of the file system says of a path that cannot be read; null where there is nothing to read. */
export function unreadableReason(thrown: unknown): string | null {
  const error = toError(thrown);
  const code = 'code' in error ? String(error.code) : error.message;
  return code === 'ENOENT' || code === 'ENOTDIR' ? null : `it cannot be read (${code})`;
}

/** Neither kind is taken; who reads the list wants to know what they miss. */
async function linkReason(folder: string, link: string): Promise<string> {
  const target = resolve(dirname(link), await readlink(link));
  return target === folder || target.startsWith(`${folder}/`)
    ? 'it is a link'
    : 'it is a link that leads out of the folder';
}
