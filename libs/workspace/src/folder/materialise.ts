import { lstat, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BatonError, toError } from '@baton/contracts';
import { type BlobStore, getFile } from '../tree/blob-store.js';
import type { Tree } from '../tree/tree.js';

/** How a file lay on disk when it was written: while this is so, it holds what was written. A change moves `ctimeMs`. */
export interface Stamp {
  readonly size: number;
  readonly ctimeMs: number;
  readonly ino: number;
}

export type Stamps = ReadonlyMap<string, Stamp>;

/** Files under way: 20,000 one after the other take four times as long. */
const AT_ONCE = 8;

/**
 * Writes a tree into a folder that is not there yet, or is empty. A few files at a time are in memory, and no file is written
 * over another.
 *
 * @param tree of `treeOf` or `getTree`, which have checked its paths
 * @throws BatonError `folder-exists`, and what the store throws; what was written by then stays
 */
export async function materialise(tree: Tree, folder: string, store: BlobStore): Promise<Stamps> {
  await mkdir(folder).catch(async (thrown: unknown) => {
    const error = toError(thrown);
    if (!('code' in error) || error.code !== 'EEXIST') throw error;
    if ((await lstat(folder)).isDirectory() && (await readdir(folder)).length === 0) return;
    throw new BatonError(`There is something at ${folder} already.`, {
      code: 'folder-exists',
      next: 'Name a folder that is not there yet.',
      cause: error,
    });
  });
  for (const below of new Set(tree.map(({ path }) => dirname(path)))) {
    await mkdir(join(folder, below), { recursive: true });
  }
  const stamps = new Map<string, Stamp>();
  const rest = tree.values();
  let isOver = false;
  const write = async (): Promise<void> => {
    for (const file of rest) {
      if (isOver) return;
      const target = join(folder, file.path);
      const mode = file.mode === '100755' ? 0o755 : 0o644;
      await writeFile(target, await getFile(store, file), { flag: 'wx', mode });
      stamps.set(file.path, stampOf(await stat(target)));
    }
  };
  const stopOthers = (thrown: unknown): never => {
    isOver = true;
    throw thrown;
  };
  const lanes = await Promise.allSettled(Array.from({ length: AT_ONCE }, () => write().catch(stopOthers)));
  for (const lane of lanes) if (lane.status === 'rejected') throw lane.reason;
  return stamps;
}

export const stampOf = ({ size, ctimeMs, ino }: Stamp): Stamp => ({ size, ctimeMs, ino });
