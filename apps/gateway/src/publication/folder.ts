import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { Publication } from './publication.js';

/** A folder. A file is there whole, and on the disk, or not at all. */
export function folderPublication(folder: string): Publication {
  const at = (name: string): string => join(folder, name);
  return {
    where: folder,
    get: (name) => readFile(at(name), 'utf8').catch(orNull),
    create: async (name, text) => {
      const draft = await written(at(name), text);
      try {
        // Unlike a rename this fails where the name is taken.
        await link(draft, at(name));
      } catch (thrown) {
        if (codeOf(thrown) === 'EEXIST') return false;
        throw thrown;
      } finally {
        await rm(draft, { force: true });
      }
      await synced(dirname(at(name)));
      return true;
    },
    replace: async (name, text) => {
      await rename(await written(at(name), text), at(name));
      await synced(dirname(at(name)));
    },
    list: async () => {
      const found = (await readdir(folder, { recursive: true, withFileTypes: true }).catch(orNull)) ?? [];
      return found
        .filter((entry) => entry.isFile())
        .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
    },
  };
}

async function written(file: string, text: string): Promise<string> {
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${randomUUID()}.draft`;
  const handle = await open(draft, 'w', 0o644);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return draft;
}

/** What was renamed or linked in a folder is on the disk then. */
export async function synced(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

export const codeOf = (thrown: unknown): unknown =>
  thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;

function orNull(thrown: unknown): null {
  if (codeOf(thrown) === 'ENOENT') return null;
  throw thrown;
}
