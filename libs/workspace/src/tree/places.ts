import { foldersAbove } from './folders-above.js';
import { foldPath, pathProblem } from './path-problem.js';

/** The places that files of one folder take. */
export interface Places {
  /** Whether a file could lie there, beside the others, on any disk. */
  readonly isFree: (path: string) => boolean;
  readonly take: (path: string) => void;
}

export function placesOf(paths: Iterable<string>): Places {
  const files = new Set<string>();
  const folders = new Set<string>();
  const take = (path: string): void => {
    const folded = foldPath(path);
    files.add(folded);
    for (const folder of foldersAbove(folded)) folders.add(folder);
  };
  const isFree = (path: string): boolean => {
    const folded = foldPath(path);
    const isTaken = files.has(folded) || folders.has(folded) || foldersAbove(folded).some((each) => files.has(each));
    return !isTaken && pathProblem(path) === null;
  };
  for (const path of paths) take(path);
  return { isFree, take };
}
