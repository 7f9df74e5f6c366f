import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

const codeOf = (thrown: unknown): unknown => (thrown instanceof Error && 'code' in thrown ? thrown.code : undefined);

/**
 * Makes a folder, and those above it that are missing. `mkdir` of Node with `recursive` tries for ever where a folder is there and
 * the system answers that it is not as soon as something is to be made in it, as in `/proc`.
 *
 * @returns whether it was made: false where it was there
 * @throws what `mkdir` throws
 */
export const makeFolder = (path: string, mode?: number): Promise<boolean> => made(resolve(path), mode, false);

/** @param isSecond whether the folder above was there before; a first time somebody else may have made it just now */
async function made(folder: string, mode: number | undefined, isSecond: boolean): Promise<boolean> {
  try {
    await mkdir(folder, { mode });
    return true;
  } catch (thrown) {
    if (codeOf(thrown) === 'EEXIST' && (await isFolder(folder))) return false;
    const above = dirname(folder);
    if (codeOf(thrown) !== 'ENOENT' || above === folder) throw thrown;
    if (await isFolder(above)) {
      if (isSecond) throw thrown;
      return made(folder, mode, true);
    }
    await made(above, mode, false);
    return made(folder, mode, false);
  }
}

const isFolder = async (path: string): Promise<boolean> => (await stat(path).catch(() => null))?.isDirectory() === true;
