import { opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { readLeftFile, reasonOf } from '../read-files.js';

interface ReadBounds {
  readonly files: number;
  readonly fileBytes: number;
  readonly totalBytes: number;
}

interface LeftFile {
  /** Relative to the folder. */
  readonly path: string;
  readonly content: Buffer;
}

interface LeftFiles {
  readonly files: readonly LeftFile[];
  /** What was not read, with the reason. */
  readonly leftOut: readonly { readonly path: string; readonly reason: string }[];
}

/** All regular files of a folder, within bounds, in the order of their paths. */
export async function readLeftFiles(folder: string, bounds: ReadBounds): Promise<LeftFiles> {
  const files: LeftFile[] = [];
  const leftOut: { path: string; reason: string }[] = [];
  let totalBytes = 0;
  for (const path of await pathsIn(folder, bounds.files, leftOut)) {
    const content = await readLeftFile(folder, path, Math.min(bounds.fileBytes, bounds.totalBytes - totalBytes));
    if (typeof content === 'string') {
      leftOut.push({ path, reason: content });
      continue;
    }
    totalBytes += content.length;
    files.push({ path, content });
  }
  return { files, leftOut };
}

async function pathsIn(
  folder: string,
  most: number,
  leftOut: { path: string; reason: string }[],
): Promise<readonly string[]> {
  const paths: string[] = [];
  const waiting = [''];
  for (let below = waiting.pop(); below !== undefined; below = waiting.pop()) {
    const open = await opendir(join(folder, below)).catch((error: unknown) => reasonOf(error));
    if (typeof open === 'string') {
      leftOut.push({ path: below, reason: open });
      continue;
    }
    for await (const entry of open) {
      const path = join(below, entry.name);
      if (paths.length + waiting.length >= most) {
        leftOut.push({ path, reason: `there are more than ${most} files` });
        return paths.sort();
      }
      (entry.isDirectory() ? waiting : paths).push(path);
    }
  }
  return paths.sort();
}
