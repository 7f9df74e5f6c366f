import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { KnowledgeLimits } from '../limits.js';
import { type FoundFile, type Walk, walkFolder } from './walk-folder.js';

/** What lies at a path of this machine, below a folder that the operator allows. */
export type OnMachine =
  | ({ readonly type: 'found'; readonly folder: string } & Walk)
  /** A clause about the location and what to do. */
  | { readonly type: 'refused'; readonly reason: string };

export interface MachineSettings {
  /** Folders that may be read, absolute. */
  readonly roots: readonly string[];
  /** Folders of which nothing is shown, absolute, also where they lie below a root. */
  readonly hidden: readonly string[];
  readonly limits: KnowledgeLimits;
}

const refused = (reason: string): OnMachine => ({ type: 'refused', reason });
const isWithin = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);

/** Finds the files of a location. A root may be a link itself; below it none is followed. */
export async function findOnMachine(path: string, { roots, hidden, limits }: MachineSettings): Promise<OnMachine> {
  const wanted = resolve(path);
  const root = roots.find((each) => isWithin(wanted, resolve(each)));
  if (root === undefined)
    return refused(
      'it is not below a folder of BATON_KNOWLEDGE_ROOTS: have that allowed, or put it into the workspace',
    );
  const real = await realpath(root).catch(() => null);
  if (real === null)
    return refused(`the folder ${root} of BATON_KNOWLEDGE_ROOTS cannot be read: check that it is there`);
  const target = join(real, relative(resolve(root), wanted));
  const hiddenFolders = await Promise.all(hidden.map((each) => realpath(each).catch(() => resolve(each))));
  const isHidden = (folder: string): boolean => hiddenFolders.some((each) => isWithin(folder, each));
  if (isHidden(target)) return refused('it is a folder of Baton’s own: name another one');
  const info = await lookAt(real, target);
  if (info === null) return refused('there is no such file or folder: check how it is written');
  if (info === 'link') return refused('a link leads there, and links are not followed: name what it leads to');
  if (info.isFolder) return { type: 'found', folder: target, ...(await walkFolder(target, limits, isHidden)) };
  const file: FoundFile = { path: basename(target), size: info.size };
  return { type: 'found', folder: dirname(target), files: [file], leftOut: [], isCut: false };
}

/** Part by part, since a link on the way leads anywhere. */
async function lookAt(
  root: string,
  target: string,
): Promise<{ readonly isFolder: boolean; readonly size: number } | 'link' | null> {
  const parts = relative(root, target)
    .split(sep)
    .filter((part) => part !== '');
  let at = root;
  for (const [index, part] of ['', ...parts].entries()) {
    at = join(at, part);
    const info = await lstat(at).catch(() => null);
    if (info === null) return null;
    if (info.isSymbolicLink()) return 'link';
    const isLast = index === parts.length;
    if (isLast && (info.isDirectory() || info.isFile())) return { isFolder: info.isDirectory(), size: info.size };
    if (!info.isDirectory()) return null;
  }
  return null;
}
