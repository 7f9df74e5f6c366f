import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { output, type Repository } from '../git/repository.js';
import { nulSeparated, runGit } from '../git/run-git.js';
import { committedFiles } from './committed.js';
import type { LeftOut, Limits } from './limits.js';
import { refuseTooMany } from './limits.js';
import { fileReader, NO_FILE } from './read-file.js';
import type { Source } from './source.js';

/** The files of a working tree as they lie there: those that git knows, and those that it does not know and does not ignore. */
export async function workingTree(repository: Repository, commit: string | null, limits: Limits): Promise<Source> {
  const listed = nulSeparated(await output(repository, ['ls-files', '-co', '--exclude-standard', '-z']));
  const leftOut: LeftOut[] = [];
  const paths = new Set<string>();
  for (const path of listed) {
    if (path === null) leftOut.push({ path: '(a name that is no UTF-8)', reason: 'its path is no text' });
    else if (path.endsWith('/')) leftOut.push({ path: path.slice(0, -1), reason: 'it is a repository of its own' });
    else paths.add(path);
  }
  refuseTooMany(paths.size, limits);
  for (const path of await othersBeside(paths, repository)) leftOut.push({ path, reason: NO_FILE });
  const read = fileReader(repository.folder, limits);
  return {
    paths: [...paths],
    leftOut,
    committed: commit === null ? null : (await committedFiles(repository, commit)).files,
    read: async function* (wanted) {
      for (const path of wanted) yield { path, file: await read(path) };
    },
  };
}

/** Git does not list what is neither file nor link, such as a pipe: what lies beside its files and is not ignored. */
async function othersBeside(paths: ReadonlySet<string>, { folder, settings }: Repository): Promise<readonly string[]> {
  const found: string[] = [];
  for (const below of foldersOf(paths)) {
    const entries = await readdir(join(folder, below), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      const isUsual = entry.isFile() || entry.isDirectory() || entry.isSymbolicLink();
      if (!isUsual && !paths.has(path)) found.push(path);
    }
  }
  if (found.length === 0) return [];
  const args = ['check-ignore', '--no-index', '-z', '--stdin'];
  const { stdout } = await runGit({ ...settings, folder, args, input: found.map((path) => `${path}\0`).join('') });
  const ignored = new Set(nulSeparated(stdout));
  return found.filter((path) => !ignored.has(path));
}

/** Each folder in which one of the files lies, however deep, and the folder of all. */
function foldersOf(paths: ReadonlySet<string>): ReadonlySet<string> {
  const folders = new Set<string>(['']);
  for (const path of paths) {
    for (let at = dirname(path); at !== '.' && !folders.has(at); at = dirname(at)) folders.add(at);
  }
  return folders;
}
