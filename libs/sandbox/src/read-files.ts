import { constants } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isWithin } from './paths.js';

/*
 * What a command left is read after its end, by us and with our rights, so nothing of it is followed: no link leads out of
 * the folder, and nothing but regular files is opened. Nobody of the command lives any more who could change it meanwhile.
 */

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

export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code === 'ELOOP' || code === 'EMLINK' ? 'it is a link' : `it cannot be opened (${code})`;
}
