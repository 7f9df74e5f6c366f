import { constants } from 'node:fs';
import { lstat, open, opendir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isWithin } from './paths.js';

/*
 * What a command left is read after its end, by us and with our rights, so nothing of it is followed: no link leads out of
 * the folder, and nothing but regular files is opened. Nobody of the command lives any more who could change it meanwhile.
 */

export interface ReadBounds {
  readonly files: number;
  readonly fileBytes: number;
  readonly totalBytes: number;
}

export interface LeftFile {
  /** Relative to the folder. */
  readonly path: string;
  readonly content: Buffer;
}

export interface LeftFiles {
  readonly files: readonly LeftFile[];
  /** What was not read, with the reason. */
  readonly leftOut: readonly { readonly path: string; readonly reason: string }[];
}

/** @returns the content, or why it is not read */
export async function readLeftFile(folder: string, path: string, maxBytes: number): Promise<Buffer | string> {
  const whole = join(folder, path);
  if (!isWithin(whole, folder) || whole === folder) return 'it lies outside';
  for (let above = dirname(whole); isWithin(above, folder); above = dirname(above)) {
    const info = await lstat(above).catch((error: unknown) => reasonOf(error));
    if (typeof info === 'string') return info;
    if (!info.isDirectory()) return 'a link or file stands where a folder should';
  }
  // Without waiting: a named pipe would wait for ever for somebody who writes.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(whole, flags).catch((error: unknown) => reasonOf(error));
  if (typeof file === 'string') return file;
  try {
    const info = await file.stat();
    if (!info.isFile()) return 'it is not a regular file';
    if (info.nlink > 1) return 'it has more than one name';
    if (info.size > maxBytes) return `it is larger than ${maxBytes} bytes`;
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(info.size), position: 0 });
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code === 'ELOOP' || code === 'EMLINK' ? 'it is a link' : `it cannot be opened (${code})`;
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
