import { diffLines } from 'diff';

export interface Line {
  readonly kind: 'same' | 'added' | 'removed';
  /** Line numbers from 1; null where the text has no such line. */
  readonly before: number | null;
  readonly after: number | null;
  readonly text: string;
}

/** Lines that are the same on both sides and were left out. */
export interface Gap {
  readonly kind: 'gap';
  readonly lines: readonly Line[];
}

export type Row = Line | Gap;

/** Two lines beside each other; null where one side has none. */
export interface Pair {
  readonly kind: 'pair';
  readonly before: Line | null;
  readonly after: Line | null;
}

const CONTEXT = 3;
/** Texts that have nothing in common take for ever to compare: then all of the one went, and all of the other came. */
const TIMEOUT_MS = 1_500;

const linesOf = (text: string): readonly string[] => {
  if (text === '') return [];
  const lines = text.split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
};

/** Whether the last line is ended is no difference that could be seen. */
const ended = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`);

/** Every line of both texts, in order. */
export function linesBetween(before: string, after: string): readonly Line[] {
  const parts = diffLines(ended(before), ended(after), { timeout: TIMEOUT_MS }) ?? [
    { value: before, removed: true, added: false },
    { value: after, removed: false, added: true },
  ];
  const lines: Line[] = [];
  let left = 0;
  let right = 0;
  for (const { value, added, removed } of parts) {
    for (const text of linesOf(value)) {
      if (added) lines.push({ kind: 'added', before: null, after: ++right, text });
      else if (removed) lines.push({ kind: 'removed', before: ++left, after: null, text });
      else lines.push({ kind: 'same', before: ++left, after: ++right, text });
    }
  }
  return lines;
}

/** What changed and three lines around it. @param isKept whether a line is shown although it is far from any change */
export function foldedOf(lines: readonly Line[], isKept: (line: Line) => boolean = () => false): readonly Row[] {
  const shown = new Set<number>();
  for (const [at, line] of lines.entries()) {
    if (line.kind === 'same' && !isKept(line)) continue;
    for (let near = at - CONTEXT; near <= at + CONTEXT; near++) shown.add(near);
  }
  const rows: Row[] = [];
  let hidden: Line[] = [];
  const flush = (): void => {
    // A gap of one line takes as much room as the line.
    rows.push(...(hidden.length > 1 ? [{ kind: 'gap' as const, lines: hidden }] : hidden));
    hidden = [];
  };
  for (const [at, line] of lines.entries()) {
    if (!shown.has(at)) {
      hidden.push(line);
      continue;
    }
    flush();
    rows.push(line);
  }
  flush();
  return rows;
}

/** Side by side: what was removed stands beside what came in its place. */
export function pairsOf(rows: readonly Row[]): readonly (Pair | Gap)[] {
  const pairs: (Pair | Gap)[] = [];
  let removed: Line[] = [];
  let added: Line[] = [];
  const flush = (): void => {
    for (let at = 0; at < Math.max(removed.length, added.length); at++) {
      pairs.push({ kind: 'pair', before: removed[at] ?? null, after: added[at] ?? null });
    }
    removed = [];
    added = [];
  };
  for (const row of rows) {
    if (row.kind === 'removed') removed.push(row);
    else if (row.kind === 'added') added.push(row);
    else {
      flush();
      pairs.push(row.kind === 'gap' ? row : { kind: 'pair', before: row, after: row });
    }
  }
  flush();
  return pairs;
}

export const countsOf = (lines: readonly Line[]): { readonly added: number; readonly removed: number } => ({
  added: lines.filter(({ kind }) => kind === 'added').length,
  removed: lines.filter(({ kind }) => kind === 'removed').length,
});
