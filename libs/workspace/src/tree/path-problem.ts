import { foldersAbove } from './folders-above.js';

const MAX_PATH_LENGTH = 240;

/** Folders that are nobody's to bring: git runs programs named in its own folder, and packages are installed, not handed over. */
const RESERVED_SEGMENTS = new Set(['.git', 'node_modules', 'git~1']);
/** What HFS+ passes over when it compares names, so that with it `.git` is still that folder. */
const PASSED_OVER = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

/** Why a path may not be written below a folder of our choice, or null where it may. */
export function pathProblem(path: string): string | null {
  if (path === '') return 'is empty';
  if (path.length > MAX_PATH_LENGTH) return `is longer than ${MAX_PATH_LENGTH} characters`;
  if (/\p{Cc}/u.test(path)) return 'holds a control character';
  if (!path.isWellFormed()) return 'is no text in Unicode';
  if (path.includes('\\')) return 'holds a backslash: write "/" between its parts';
  if (path.startsWith('/')) return 'is absolute';
  if (/^[A-Za-z]:/.test(path)) return 'names a drive';
  if (path.startsWith('~')) return 'starts with "~"';
  return path.split('/').reduce<string | null>((found, segment) => found ?? segmentProblem(segment), null);
}

function segmentProblem(segment: string): string | null {
  if (segment === '') return 'has an empty part';
  if (segment === '.' || segment === '..') return `has the part "${segment}"`;
  if (RESERVED_SEGMENTS.has(meantBy(segment))) return `lies in "${segment}", which nobody may bring`;
  return segment.endsWith('.') || segment.endsWith(' ') ? 'has a part that ends in a dot or a space' : null;
}

/**
 * The name that a file system may take it for: NTFS reads on at a colon as a stream of the file before it, and knows `.git`
 * by a short name, too. Git leaves such paths out without a word of it in its exit code.
 */
const meantBy = (segment: string): string =>
  segment
    .replace(PASSED_OVER, '')
    .replace(/:.*$/s, '')
    .replace(/[. ]+$/, '')
    .toLowerCase();

/** Some file systems fold case and Unicode forms, so two paths that differ only there would overwrite each other. */
export const foldPath = (path: string): string => path.normalize('NFC').toLowerCase();

/** Everything that keeps paths from being written below one folder: one sentence each, empty when there is nothing. */
export function pathProblems(paths: Iterable<string>): readonly string[] {
  const problems: string[] = [];
  const seen = new Map<string, string>();
  for (const path of paths) {
    const problem = pathProblem(path);
    if (problem !== null) problems.push(`the path ${JSON.stringify(path)} ${problem}`);
    const earlier = seen.get(foldPath(path));
    if (earlier !== undefined) {
      problems.push(`the paths ${JSON.stringify(earlier)} and ${JSON.stringify(path)} mean the same file`);
    }
    seen.set(foldPath(path), path);
  }
  return [...problems, ...nestingProblems(seen)];
}

/** `a` and `a/b` cannot both be files. */
function nestingProblems(paths: ReadonlyMap<string, string>): readonly string[] {
  const problems: string[] = [];
  for (const [folded, path] of paths) {
    for (const folder of foldersAbove(folded)) {
      const outer = paths.get(folder);
      if (outer !== undefined) {
        problems.push(`${JSON.stringify(outer)} cannot be a file, because ${JSON.stringify(path)} lies below it`);
      }
    }
  }
  return problems;
}
