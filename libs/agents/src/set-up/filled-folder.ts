import { chmod, lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/*
 * Folders that a command filled, handled with our rights after its end: no link is followed. Nobody of the command lives any
 * more who could change them meanwhile.
 */

/** What a folder takes of the disk; no link is followed. */
export async function bytesIn(folder: string): Promise<number> {
  let bytes = 0;
  const folders = [folder];
  for (let path = folders.pop(); path !== undefined; path = folders.pop()) {
    for (const entry of await readdir(path, { withFileTypes: true })) {
      const child = join(path, entry.name);
      if (entry.isDirectory()) folders.push(child);
      bytes += (await lstat(child)).blocks * 512;
    }
  }
  return bytes;
}

/** Takes away what makes a program more than its user, and lets us move the folder. */
export async function tame(folder: string): Promise<void> {
  const folders = [folder];
  for (let path = folders.pop(); path !== undefined; path = folders.pop()) {
    await chmod(path, 0o755);
    for (const entry of await readdir(path, { withFileTypes: true })) {
      const child = join(path, entry.name);
      if (entry.isDirectory()) folders.push(child);
      else if (entry.isFile()) {
        const { mode } = await lstat(child);
        if ((mode & 0o7000) !== 0) await chmod(child, mode & 0o777);
      }
    }
  }
}
