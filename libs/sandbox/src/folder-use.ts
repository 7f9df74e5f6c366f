import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';

export interface FolderBounds {
  readonly bytes: number;
  readonly files: number;
}

/** Bytes of one block in what `stat` says, on every system. */
const BLOCK_BYTES = 512;

/**
 * A way to look again and again whether a folder holds too much; it is counted no further than that. What counts is the
 * room on the disk, so a sparse file counts for what was written of it. What nobody can look into is too much as well: what
 * lies deeper than a path can be long, and a folder that is locked at two looks in a row (one look may fall on a test of
 * just that).
 */
export function folderLook(folder: string, most: FolderBounds): () => Promise<boolean> {
  let lockedBefore = new Set<string>();
  return async () => {
    const locked = new Set<string>();
    const count = await countUpTo(folder, most, (path) => locked.add(path));
    const isHidden = [...locked].some((path) => lockedBefore.has(path));
    lockedBefore = locked;
    return count === 'too deep' || isHidden || count.bytes > most.bytes || count.files > most.files;
  };
}

async function countUpTo(
  folder: string,
  most: FolderBounds,
  onLocked: (path: string) => void,
): Promise<FolderBounds | 'too deep'> {
  const waiting = [folder];
  let [bytes, files] = [0, 0];
  try {
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      const open = await openOr(path, onLocked);
      for await (const entry of open ?? []) {
        files += 1;
        const child = join(path, entry.name);
        if (entry.isDirectory()) waiting.push(child);
        else bytes += ((await lstat(child).catch(() => null))?.blocks ?? 0) * BLOCK_BYTES;
        if (files > most.files || bytes > most.bytes) return { bytes, files };
      }
    }
  } catch (error) {
    if (codeOf(error) === 'ENAMETOOLONG') return 'too deep';
    throw error;
  }
  return { bytes, files };
}

async function openOr(path: string, onLocked: (path: string) => void) {
  try {
    return await opendir(path);
  } catch (error) {
    if (codeOf(error) === 'ENAMETOOLONG') throw error;
    if (codeOf(error) === 'EACCES') onLocked(path);
    return null; // Otherwise it is gone, or no folder any more.
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);
