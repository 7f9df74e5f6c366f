import { foldPath, pathProblem } from '../tree/path-problem.js';
import { type LeftOut, type Limits, tooLargeReason } from './limits.js';
import { secretByName, secretInContent } from './secrets.js';

/** Decides file by file what belongs to a workspace, and keeps what does not with the reason. */
export interface Admission {
  readonly leftOut: readonly LeftOut[];
  leaveOut(path: string, reason: string): void;
  /** Whether a path may be taken at all, before its file is read. */
  admitPath(path: string): boolean;
  /** Whether what the file holds may be taken. */
  admitContent(path: string, bytes: Buffer): boolean;
}

export function openAdmission(limits: Limits): Admission {
  const leftOut = new Map<string, string>();
  const taken = new Map<string, string>();
  const leaveOut = (path: string, reason: string): void => void leftOut.set(shown(path), reason);
  const refusalOf = (path: string): string | null => {
    const problem = pathProblem(path);
    if (problem !== null) return `its path ${problem}`;
    if (path.split('/').length > limits.depth) return `it lies more than ${limits.depth} folders deep`;
    const other = taken.get(foldPath(path));
    if (other !== undefined) return `its path differs from ${other} only in case or accents`;
    return secretByName(path);
  };
  return {
    get leftOut() {
      return [...leftOut].map(([path, reason]) => ({ path, reason })).sort((a, b) => (a.path < b.path ? -1 : 1));
    },
    leaveOut,
    admitPath: (path) => {
      const reason = refusalOf(path);
      if (reason === null) taken.set(foldPath(path), path);
      else leaveOut(reservedRoot(path) ?? path, reason);
      return reason === null;
    },
    admitContent: (path, bytes) => {
      const reason = bytes.length > limits.fileBytes ? tooLargeReason(limits) : secretInContent(bytes);
      if (reason !== null) leaveOut(path, reason);
      return reason === null;
    },
  };
}

/** One line for a folder of packages, not one for each of its files. */
const reservedRoot = (path: string): string | null =>
  /^(?:.*?\/)?(?:node_modules|\.git)(?=\/)/i.exec(path)?.[0] ?? null;

/** A name with control characters could do things to a terminal. */
const shown = (path: string): string =>
  path.replace(/\p{Cc}/gu, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
