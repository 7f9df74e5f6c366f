/** A place in a text that is being read. */
export interface Cursor {
  readonly text: string;
  at: number;
  /** How many brackets, calls and filters are open around it. */
  depth: number;
  /** How many filters are open around it: there a name ends where a comparison begins. */
  filters: number;
}

/** What a text is refused with; its message says what was expected and where. */
export class SyntaxProblem extends Error {}

export const cursorOn = (text: string): Cursor => ({ text, at: 0, depth: 0, filters: 0 });

export const peek = (cursor: Cursor): string => cursor.text[cursor.at] ?? '';

export function skipSpace(cursor: Cursor): void {
  while (/\s/.test(peek(cursor))) cursor.at += 1;
}

/** Steps over a text if it stands here. */
export function take(cursor: Cursor, expected: string): boolean {
  if (!cursor.text.startsWith(expected, cursor.at)) return false;
  cursor.at += expected.length;
  return true;
}

export function expect(cursor: Cursor, expected: string): void {
  if (!take(cursor, expected)) throw problemAt(cursor, `expected ${expected}`);
}

/** Takes what a sticky expression matches here, or null. */
export function takeMatch(cursor: Cursor, sticky: RegExp): string | null {
  sticky.lastIndex = cursor.at;
  const found = sticky.exec(cursor.text)?.[0];
  if (found === undefined || found === '') return null;
  cursor.at += found.length;
  return found;
}

export const problemAt = (cursor: Cursor, problem: string): SyntaxProblem =>
  new SyntaxProblem(`${problem} at character ${cursor.at + 1} of ${cursor.text}`);

const MAX_DEPTH = 20;

/** Reads something nested; the bound keeps the readers, which call themselves, off the end of the stack. */
export function nested<T>(cursor: Cursor, read: () => T): T {
  cursor.depth += 1;
  if (cursor.depth > MAX_DEPTH) throw problemAt(cursor, `nested deeper than ${MAX_DEPTH}`);
  const value = read();
  cursor.depth -= 1;
  return value;
}
