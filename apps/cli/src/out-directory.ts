import { createHash } from 'node:crypto';
import { lstat, mkdir, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { BatonError, toError } from '@baton/contracts';
import { z } from 'zod';
import type { DeliverableFile } from './deliverable.js';
import { UsageError } from './exit-codes.js';
import { makeFolder } from './make-folder.js';
import { writePrivateFile } from './private-file.js';

/*
 * A folder that holds something is overwritten only when all of it was written by baton and nobody changed it since. What
 * was written is remembered in BATON_HOME, because the folder itself is to hold the deliverable and nothing else.
 */

/** Folder → path of each file in it → SHA-256 of what was written. */
const Written = z.record(z.string(), z.record(z.string(), z.string()));
type Written = z.infer<typeof Written>;

const recordOf = (home: string): string => join(home, 'out-directories.json');
const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');

async function readRecord(home: string): Promise<Written> {
  const text = await readFile(recordOf(home), 'utf8').catch(() => '{}');
  try {
    return Written.parse(JSON.parse(text));
  } catch {
    return {}; // Without the record nothing is known to be ours, and nothing is overwritten.
  }
}

/** Entries below the folder that are not directories, as paths relative to it. Empty where there is no such folder. */
async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((thrown: unknown) => {
    const error = toError(thrown);
    if ('code' in error && error.code === 'ENOENT') return [];
    throw new UsageError(`${folder} cannot be used as a folder (${error.message}).`, 'Name another one.', error);
  });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

async function foreignFile(folder: string, ours: Readonly<Record<string, string>>): Promise<string | null> {
  for (const path of await filesBelow(folder)) {
    const content = await readFile(join(folder, path)).catch(() => null);
    if (content === null || ours[path] !== sha256(content)) return path;
  }
  return null;
}

/** A symbolic link on the way would lead out of the folder. */
async function refuseLinks(folder: string, path: string): Promise<void> {
  const parts = path.split('/');
  for (let depth = 1; depth <= parts.length; depth += 1) {
    const part = join(folder, ...parts.slice(0, depth));
    const stat = await lstat(part).catch(() => null);
    if (stat?.isSymbolicLink() === true) {
      throw new UsageError(`${part} is a symbolic link; nothing was written.`, 'Remove it, or name another folder.');
    }
  }
}

async function writeFiles(folder: string, files: readonly DeliverableFile[]): Promise<void> {
  for (const { path } of files) await refuseLinks(folder, path);
  for (const { path, content } of files) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}

/**
 * What of the folder's content baton wrote and may replace. Throws UsageError when it holds something that baton did not
 * write or somebody changed since, unless `force`; then nothing counts as ours.
 */
export async function checkOutDirectory(
  folder: string,
  { home, force }: { readonly home: string; readonly force: boolean },
): Promise<readonly string[]> {
  const record = await readRecord(home);
  const ours = record[await realpath(folder).catch(() => folder)] ?? {};
  const foreign = await foreignFile(folder, ours);
  if (foreign === null) return Object.keys(ours);
  if (force) return [];
  throw new UsageError(
    `The folder ${folder} holds ${foreign}, which baton did not write or somebody has changed.`,
    'Name another folder, or empty this one.',
  );
}

/** Throws UsageError where a file would take the place of one that somebody else wrote. */
async function refuseToReplace(
  folder: string,
  files: readonly DeliverableFile[],
  ours: readonly string[],
): Promise<void> {
  const known = new Set(ours);
  const foreign: string[] = [];
  for (const { path, content } of files) {
    const found = known.has(path) ? null : await readFile(join(folder, path)).catch(() => null);
    if (found !== null && sha256(found) !== sha256(content)) foreign.push(path);
  }
  if (foreign.length === 0) return;
  const more = foreign.length > 5 ? ` and ${foreign.length - 5} more` : '';
  throw new UsageError(
    `The folder ${folder} has files of its own under the names of ${foreign.slice(0, 5).join(', ')}${more}; nothing was written.`,
    'Name another folder, or move them away.',
  );
}

/**
 * Makes `folder` hold the files: what baton wrote there before goes, and with `force` everything else stays. Throws UsageError as `checkOutDirectory`, and BatonError `out-not-writable`.
 */
export async function writeOutDirectory(
  folder: string,
  files: readonly DeliverableFile[],
  options: { readonly home: string; readonly force: boolean },
): Promise<void> {
  const ours = await checkOutDirectory(folder, options);
  await refuseToReplace(folder, files, ours);
  for (const path of ours) await rm(join(folder, path), { force: true });
  try {
    await makeFolder(folder);
    await writeFiles(folder, files);
  } catch (thrown) {
    if (thrown instanceof BatonError) throw thrown;
    const { message } = toError(thrown);
    throw new BatonError(`The files cannot be written to ${folder} (${message}).`, {
      code: 'out-not-writable',
      next: 'Check the folder and its permissions, or name another one with --out.',
      cause: thrown,
    });
  }
  const written = Object.fromEntries(files.map(({ path, content }) => [path, sha256(content)]));
  await mkdir(options.home, { recursive: true, mode: 0o700 });
  const next = { ...(await readRecord(options.home)), [await realpath(folder)]: written };
  await writePrivateFile(recordOf(options.home), JSON.stringify(next, null, 2));
}
