import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DeliverableFile } from '../task/file-set.js';

/** `files` must have been checked by `fileSetProblems`: their paths are trusted here. */
export async function writeFiles(folder: string, files: readonly DeliverableFile[]): Promise<void> {
  for (const { path, content } of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}
