import { output, type Repository } from '../git/repository.js';
import { nulSeparated } from '../git/run-git.js';
import { committedFiles } from './committed.js';
import type { LeftOut, Limits } from './limits.js';
import { refuseTooMany } from './limits.js';
import { fileReader } from './read-file.js';
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
