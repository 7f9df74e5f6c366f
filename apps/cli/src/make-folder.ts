import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it. Node's own `recursive` never comes back where a file system takes no folders and says that
 * the one above is not there, as /proc does.
 */
export async function makeFolder(folder: string): Promise<void> {
  const code = await made(folder);
  if (code !== 'ENOENT' || dirname(folder) === folder) return;
  await makeFolder(dirname(folder));
  await mkdir(folder).catch(unlessThere);
}

/** What was in the way, where that is only that the folder above is not there; null where the folder is there now. */
const made = (folder: string): Promise<'ENOENT' | null> =>
  mkdir(folder).then(
    () => null,
    (thrown: NodeJS.ErrnoException) => (thrown.code === 'ENOENT' ? 'ENOENT' : unlessThere(thrown)),
  );

/** What is there and no folder shows when something is put into it. */
function unlessThere(thrown: NodeJS.ErrnoException): null {
  if (thrown.code === 'EEXIST') return null;
  throw thrown;
}
