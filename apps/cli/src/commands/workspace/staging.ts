import { chmod, lstat, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../../make-folder.js';

/**
 * Where files wait in the folder that they are for, until each is whole. A kill leaves it behind: the next result that is
 * written there clears it away, and learns from it whether the folder is half of a whole result.
 */
export interface Staging {
  /** Writes the file beside its place and moves it there, so that nobody sees half of it. */
  readonly place: (target: string, bytes: Buffer, mode: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

const NAME = '.baton-new';
/** Names the version of which all files were to be written, into a folder that had been empty. */
const WHOLE = 'whole';
/** The folder is in the folder of a user: nothing else is taken out of it. */
const OURS = /^(?:whole|\d+)$/;

/** A name that no path of the result has: the same again for the same result. */
export function stagingIn(folder: string, paths: readonly string[]): string {
  const taken = new Set(paths.map((path) => path.split('/', 1)[0]?.toLowerCase()));
  let name = NAME;
  for (let n = 2; taken.has(name); n += 1) name = `${NAME}-${n}`;
  return join(folder, name);
}

/** Whether this version was cut off when all of it was written into an empty folder: then some of its files lie there. */
export async function isCutOff(staging: string, version: string): Promise<boolean> {
  if (!(await isFolder(staging))) return false;
  const mark = join(staging, WHOLE);
  if ((await lstat(mark).catch(() => null))?.isFile() !== true) return false;
  return (await readFile(mark, 'utf8')) === version;
}

/** @param whole the version of which all files are written; null where only some are */
export async function openStaging(staging: string, whole: string | null): Promise<Staging> {
  await clear(staging);
  await makeFolder(staging);
  if (whole !== null) await writeFile(join(staging, WHOLE), whole);
  let count = 0;
  return {
    place: async (target, bytes, mode) => {
      count += 1;
      const fresh = join(staging, `${count}`);
      await writeFile(fresh, bytes, { flag: 'wx' });
      await chmod(fresh, mode);
      await rename(fresh, target);
    },
    close: () => clear(staging),
  };
}

async function clear(staging: string): Promise<void> {
  if (!(await isFolder(staging))) return;
  const names = await readdir(staging);
  for (const name of names.filter((each) => OURS.test(each))) await rm(join(staging, name), { force: true });
  if (names.every((name) => OURS.test(name))) await rmdir(staging);
}

const isFolder = async (path: string): Promise<boolean> =>
  (await lstat(path).catch(() => null))?.isDirectory() === true;
