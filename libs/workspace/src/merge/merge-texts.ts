import { diff3Merge } from 'node-diff3';
import { linesOf } from '../tree/text.js';

/** Lines that go together, or those of three sides that do not. */
export type Stretch =
  | { readonly ok: readonly string[] }
  | { readonly ours: readonly string[]; readonly base: readonly string[]; readonly theirs: readonly string[] };

/**
 * A three-way merge of texts by lines, each with its end; null where the comparison would not end. Which side is ours changes
 * nothing but the names of the sides.
 */
export function mergeTexts(ourText: string, baseText: string, theirText: string): readonly Stretch[] | null {
  const [ours, base, theirs] = [linesOf(ourText), linesOf(baseText), linesOf(theirText)];
  if (!isComparable(ours, base) || !isComparable(theirs, base)) return null;
  const merged = diff3Merge([...ours], [...base], [...theirs], { excludeFalseConflicts: true });
  const stretches = merged.map(
    ({ ok, conflict }): Stretch =>
      conflict === undefined ? { ok: ok ?? [] } : { ours: conflict.a, base: conflict.o, theirs: conflict.b },
  );
  return isWellEnded(stretches) ? stretches : [{ ours, base, theirs }];
}

/** A line without its end may only be the last one. */
function isWellEnded(stretches: readonly Stretch[]): boolean {
  const lines = stretches.flatMap((each) => ('ok' in each ? each.ok : []));
  const last = stretches.at(-1);
  const ends = last !== undefined && 'ok' in last ? lines.slice(0, -1) : lines;
  return ends.every((line) => line.endsWith('\n'));
}

/** The work of a comparison grows with how often each line of one text is in the other: a text of equal lines has no end. */
const MAX_PAIRS = 2_000_000;

function isComparable(a: readonly string[], b: readonly string[]): boolean {
  const counts = new Map<string, number>();
  for (const line of b) counts.set(line, (counts.get(line) ?? 0) + 1);
  let pairs = 0;
  for (const line of a) pairs += counts.get(line) ?? 0;
  return pairs <= MAX_PAIRS;
}

/* The marks are lines of our own words, so that no text of a user's is taken for an open conflict. */
const OURS_MARK = '<<<<<<< baton: this run';
const BASE_MARK = '||||||| baton: before both';
const MIDDLE_MARK = '=======';
const THEIRS_MARK = '>>>>>>> baton: what others landed';

/** A text in which all sides of each conflict stand between marks, and the numbers of the lines where they begin, from 1. */
export function withMarks(stretches: readonly Stretch[]): {
  readonly text: string;
  readonly conflictLines: readonly number[];
} {
  const lines: string[] = [];
  const conflictLines: number[] = [];
  const mark = (text: string): void => void lines.push(`${text}\n`);
  for (const stretch of stretches) {
    if ('ok' in stretch) {
      lines.push(...stretch.ok);
      continue;
    }
    conflictLines.push(lines.length + 1);
    mark(OURS_MARK);
    lines.push(...stretch.ours.map(ended));
    mark(BASE_MARK);
    lines.push(...stretch.base.map(ended));
    mark(MIDDLE_MARK);
    lines.push(...stretch.theirs.map(ended));
    mark(THEIRS_MARK);
  }
  return { text: lines.join(''), conflictLines };
}

const ended = (line: string): string => (line.endsWith('\n') ? line : `${line}\n`);

/** The numbers of the lines, from 1, at which a conflict that `withMarks` marked is still open. */
export function openMarks(text: string): readonly number[] {
  if (!text.includes(OURS_MARK) && !text.includes(THEIRS_MARK)) return [];
  const isMark = (line: string): boolean => {
    const bare = line.trimEnd();
    return bare === OURS_MARK || bare === THEIRS_MARK || bare === BASE_MARK;
  };
  return linesOf(text).flatMap((line, at) => (isMark(line) ? [at + 1] : []));
}
