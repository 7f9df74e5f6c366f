import { formatPatch, structuredPatch } from 'diff';
import type { DeliverableFile } from '../deliverable.js';

/** What became of one file. */
export interface FileChange {
  readonly path: string;
  readonly kind: 'new' | 'changed' | 'deleted' | 'same';
  readonly added: number;
  readonly removed: number;
  /** The hunks of a unified diff; empty for a file that is new, gone or the same. */
  readonly hunks: readonly string[];
}

/** A file of generated data would take minutes to compare, line by line, and nobody reads that. */
const COMPARE_WITHIN_MS = 500;

const lineCount = (text: string): number => (text === '' ? 0 : text.replace(/\n$/, '').split('\n').length);

function compare(path: string, before: string, after: string): FileChange {
  if (before === after) return { path, kind: 'same', added: 0, removed: 0, hunks: [] };
  const patch = structuredPatch(path, path, before, after, '', '', { context: 2, timeout: COMPARE_WITHIN_MS });
  if (patch === undefined) {
    return { path, kind: 'changed', added: lineCount(after), removed: lineCount(before), hunks: [] };
  }
  const lines = patch.hunks.flatMap((hunk) => hunk.lines);
  return {
    path,
    kind: 'changed',
    added: lines.filter((line) => line.startsWith('+')).length,
    removed: lines.filter((line) => line.startsWith('-')).length,
    // Without the four lines that name the file.
    hunks: formatPatch(patch)
      .trimEnd()
      .split('\n')
      .filter((line) => !/^(Index:|={10,}|--- |\+\+\+ )/.test(line)),
  };
}

/** Every file of either side, by its path. Files that are the same come last. */
export function fileChanges(
  before: readonly DeliverableFile[],
  after: readonly DeliverableFile[],
): readonly FileChange[] {
  const old = new Map(before.map(({ path, content }) => [path, content]));
  const now = new Map(after.map(({ path, content }) => [path, content]));
  const paths = [...new Set([...old.keys(), ...now.keys()])].sort();
  const changes = paths.map((path): FileChange => {
    const [earlier, later] = [old.get(path), now.get(path)];
    if (earlier === undefined) return { path, kind: 'new', added: lineCount(later ?? ''), removed: 0, hunks: [] };
    if (later === undefined) return { path, kind: 'deleted', added: 0, removed: lineCount(earlier), hunks: [] };
    return compare(path, earlier, later);
  });
  return [...changes.filter(({ kind }) => kind !== 'same'), ...changes.filter(({ kind }) => kind === 'same')];
}
