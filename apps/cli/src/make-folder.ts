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
export async function makeFolder(path: string, mode?: number): Promise<boolean> {
  const folder = resolve(path);
  try {
    await mkdir(folder, { mode });
    return true;
  } catch (thrown) {
    if (codeOf(thrown) === 'EEXIST' && (await isFolder(folder))) return false;
    const above = dirname(folder);
    if (codeOf(thrown) !== 'ENOENT' || above === folder || (await isFolder(above))) throw thrown;
    await makeFolder(above, mode);
    return makeFolder(folder, mode);
  }
}

const isFolder = async (path: string): Promise<boolean> => (await stat(path).catch(() => null))?.isDirectory() === true;
