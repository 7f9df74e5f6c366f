import { lstatSync } from 'node:fs';
import { dirname, relative } from 'node:path';

export const isWithin = (path: string, folder: string): boolean => {
  const way = relative(folder, path);
  return way === '' || !(way === '..' || way.startsWith('../'));
};

/** The folders above that only their owner passes through, such as the home of root. */
export function closedAbove(path: string): readonly string[] {
  const parent = dirname(path);
  if (parent === path) return [];
  const mode = lstatSync(parent, { throwIfNoEntry: false })?.mode ?? 0;
  return [...closedAbove(parent), ...((mode & 0o001) === 0 ? [parent] : [])];
}

/** All folders above a path, the outermost first, without the root. */
export function foldersAbove(path: string): readonly string[] {
  const parent = dirname(path);
  return parent === '/' || parent === path ? [] : [...foldersAbove(parent), parent];
}

/** Without those that lie within another. */
export const outermost = (paths: readonly string[]): readonly string[] =>
  [...new Set(paths)].filter((path, _, all) => !all.some((other) => other !== path && isWithin(path, other)));
