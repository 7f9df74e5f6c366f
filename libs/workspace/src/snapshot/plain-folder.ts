import type { Dirent } from 'node:fs';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { toError } from '@baton/contracts';
import { type IgnoreRules, ignoreRules, isIgnored } from './ignore-rules.js';
import type { LeftOut, Limits } from './limits.js';
import { refuseTooMany } from './limits.js';
import { fileReader } from './read-file.js';
import type { Source } from './source.js';

/** The files of a folder that is in no repository, or on a machine without git. */
export async function plainFolder(folder: string, limits: Limits): Promise<Source> {
  const paths: string[] = [];
  const leftOut: LeftOut[] = [];
  const walk = async (below: string, outer: readonly IgnoreRules[], depth: number): Promise<void> => {
    const entries = await entriesOf(join(folder, below), (reason) => void leftOut.push({ path: below, reason }));
    const rules = [...outer, ...(await rulesIn(folder, below, entries))];
    const isTaken = (entry: Dirent): boolean =>
      entry.name !== '.git' && !isIgnored(`${below}${entry.name}${entry.isDirectory() ? '/' : ''}`, rules);
    for (const entry of entries.filter(isTaken)) {
      const path = `${below}${entry.name}`;
      if (!entry.isDirectory()) paths.push(path);
      else await enter(path, rules, depth);
      refuseTooMany(paths.length, limits);
    }
  };
  const enter = async (path: string, rules: readonly IgnoreRules[], depth: number): Promise<void> => {
    const reason = await reasonAgainst(join(folder, path), depth, limits);
    if (reason === null) await walk(`${path}/`, rules, depth + 1);
    else leftOut.push({ path, reason });
  };
  await walk('', [], 1);
  const read = fileReader(folder, limits);
  return {
    paths,
    leftOut,
    committed: null,
    read: async function* (wanted) {
      for (const path of wanted) yield { path, file: await read(path) };
    },
  };
}

async function reasonAgainst(folder: string, depth: number, limits: Limits): Promise<string | null> {
  if (basename(folder) === 'node_modules') return 'packages are installed, not handed over';
  if (depth >= limits.depth) return `it lies more than ${limits.depth} folders deep`;
  const isRepository = (await lstat(join(folder, '.git')).catch(() => null)) !== null;
  return isRepository ? 'it is a repository of its own' : null;
}

function entriesOf(folder: string, leaveOut: (reason: string) => void): Promise<readonly Dirent[]> {
  return readdir(folder, { withFileTypes: true })
    .then((entries) => entries.sort((a, b) => (a.name < b.name ? -1 : 1)))
    .catch((thrown: unknown) => {
      const error = toError(thrown);
      leaveOut(`it cannot be read (${'code' in error ? String(error.code) : error.message})`);
      return [];
    });
}

async function rulesIn(folder: string, below: string, entries: readonly Dirent[]): Promise<readonly IgnoreRules[]> {
  if (!entries.some((entry) => entry.name === '.gitignore' && entry.isFile())) return [];
  return [ignoreRules(below, await readFile(join(folder, below, '.gitignore'), 'utf8').catch(() => ''))];
}
