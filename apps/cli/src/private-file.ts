import { rename, rm, writeFile } from 'node:fs/promises';

/** Writes a file that only this user can read, in one step: a reader sees the old content or the new. */
export async function writePrivateFile(file: string, content: string): Promise<void> {
  const unfinished = `${file}.${process.pid}.new`;
  await rm(unfinished, { force: true });
  await writeFile(unfinished, content, { mode: 0o600, flag: 'wx' });
  await rename(unfinished, file);
}
