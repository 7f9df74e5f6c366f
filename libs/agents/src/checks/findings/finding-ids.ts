import { createHash } from 'node:crypto';
import type { ToolFinding } from '../../task/outputs.js';

/*
 * Whether a finding is the same as one of before. Lines move when code above them changes, and a run never takes the same
 * time twice; neither makes another finding. All else does: what cannot be told to be old counts as new.
 */

/** A finding, and what says that it is the same again. */
export interface IdentifiedFinding {
  readonly finding: ToolFinding;
  readonly id: string;
}

/** How many are compared: with more the rest could hide a new one. */
export const MOST_COMPARED = 2_000;

/** By tool, file and message; the place within the file is not part of it. */
export const identified = (tool: string, finding: ToolFinding): IdentifiedFinding => ({
  finding,
  id: hashOf([tool, finding.file ?? '', steadyText(finding.message)]),
});

/** What stays of a text from one run to the next. */
const MOVING: readonly (readonly [pattern: RegExp, stead: string])[] = [
  // Escape codes of a terminal.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  [/\u001b\[[\d;]{0,20}[A-Za-z]/g, ''],
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?/g, '<time>'],
  [/\b\d\d:\d\d:\d\d(?:[.,]\d+)?\b/g, '<time>'],
  [/\b\d+(?:[.,]\d+)?\s?(?:ns|µs|us|ms|s|secs?|seconds?|m|mins?|minutes?)\b/g, '<time>'],
  [/\bduration(?:_ms)?:?\s+\d+(?:[.,]\d+)?/g, '<time>'],
  [/\(node:\d+\)|\bpid:? \d+/g, '<process>'],
  [/\b0x[0-9a-f]{4,16}\b/gi, '<address>'],
  [/\((\d+),(\d+)\)/g, '<place>'],
  [/:\d+:\d+\b/g, '<place>'],
  [/(\.[A-Za-z]\w{0,9}):\d+\b/g, '$1<place>'],
  [/\blines? \d+(?:\s?-\s?\d+)?/gi, '<place>'],
  // More tests that pass are no other finding; how many failed is left as it stands.
  [
    /\b\d+ (passed|passing|pass|ok|skipped|pending|todo|total|tests?|suites?|files?|assertions?|specs?|examples?)\b/gi,
    '<n> $1',
  ],
  [/\b(passed|passing|pass|skipped|todo|total|tests?|suites?|files?|ran)(:?) \d+\b/gi, '$1$2 <n>'],
  [/\(\d+\)/g, '<n>'],
];

const steadyText = (text: string): string =>
  MOVING.reduce((steady, [pattern, stead]) => steady.replace(pattern, stead), text)
    .replace(/\s+/g, ' ')
    .trim();

const LONGEST_LINE = 2_000;
const TELLS_OF_FAILURE = /fail|error|not ok|exception|panic|assert|traceback|fatal|warn|[✗✘✖×]/i;

/**
 * The lines that speak of a failure, as findings. What is read as plain lines may say no place, and a report that others
 * share an output with is not all of it: so these stand beside what was read, where it is compared.
 */
export const failureLines = (text: string): readonly ToolFinding[] =>
  text
    .split('\n')
    .filter((line) => line.length <= LONGEST_LINE && TELLS_OF_FAILURE.test(line))
    .map((line) => ({ file: null, line: null, message: line.trim() }));

/** Those that came since: of the same one as often as it is there more than before. */
export function sortedByAge<T extends { readonly id: string }>(
  found: readonly T[],
  before: readonly string[],
): { readonly fresh: readonly T[]; readonly old: readonly T[] } {
  const left = new Map<string, number>();
  for (const id of before) left.set(id, (left.get(id) ?? 0) + 1);
  const fresh: T[] = [];
  const old: T[] = [];
  for (const each of found) {
    const count = left.get(each.id) ?? 0;
    left.set(each.id, count - 1);
    (count > 0 ? old : fresh).push(each);
  }
  return { fresh, old };
}

/** The same set of findings gives the same text, in whatever order they were found. */
export const hashOfFindings = (ids: readonly string[]): string => hashOf(ids.toSorted());

const hashOf = (parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
