import { type Cursor, expect, nested, peek, problemAt, skipSpace, take, takeMatch } from './cursor.js';
import { readEscapes, takeQuoted } from './literal.js';
import { parseTest } from './parse-test.js';
import { type Name, namesOnePlace, type Path, type PathFunction, type Selector } from './path.js';

const VARIABLE = /[\p{ID_Start}_]\p{ID_Continue}*/uy;
const NAME = /[^\s.[\](),'"?*]+/y;
/** In a filter a name ends before a comparison and before `&&` and `||`. */
const NAME_IN_FILTER = /(?:(?!&&|\|\|)[^\s.[\](),'"?*=<>!])+/y;
const INTEGER = /-?\d+/y;
const FUNCTIONS: readonly PathFunction[] = ['length', 'min', 'max', 'sum', 'avg', 'keys'];

/** Reads a path that begins here, and leaves the cursor behind it. */
export function parsePath(cursor: Cursor): Path {
  const from = cursor.at;
  const root = parseRoot(cursor);
  const selectors: Selector[] = [];
  while (peek(cursor) === '.' || peek(cursor) === '[') selectors.push(...parseSelectors(cursor));
  const misplaced = selectors.slice(0, -1).some(({ kind }) => kind === 'function');
  if (misplaced) throw problemAt(cursor, 'a function stands at the end of a path only');
  return { text: cursor.text.slice(from, cursor.at), root, selectors, isDefinite: namesOnePlace(selectors) };
}

function parseRoot(cursor: Cursor): Path['root'] {
  if (take(cursor, '@')) return { kind: 'item' };
  expect(cursor, '$');
  if (take(cursor, '$')) return { kind: 'context' };
  const name = takeMatch(cursor, VARIABLE);
  return name === null ? { kind: 'input' } : { kind: 'variable', name };
}

function parseSelectors(cursor: Cursor): readonly Selector[] {
  if (peek(cursor) === '[') return [parseBrackets(cursor)];
  expect(cursor, '.');
  // `$.[0]` is `$[0]`, as in the recorded service.
  if (!take(cursor, '.')) return [peek(cursor) === '[' ? parseBrackets(cursor) : parseMember(cursor)];
  return [{ kind: 'descend' }, peek(cursor) === '[' ? parseBrackets(cursor) : parseMember(cursor)];
}

function parseMember(cursor: Cursor): Selector {
  if (take(cursor, '*')) return { kind: 'all' };
  const name = takeMatch(cursor, cursor.filters > 0 ? NAME_IN_FILTER : NAME);
  if (name === null) throw problemAt(cursor, 'expected the name of a member');
  if (!take(cursor, '(')) return { kind: 'names', names: [{ name, unescaped: name }] };
  skipSpace(cursor);
  expect(cursor, ')');
  const known = FUNCTIONS.find((each) => each === name);
  if (known === undefined) throw problemAt(cursor, `there is no function ${name}(); expected before this place`);
  return { kind: 'function', name: known };
}

function parseBrackets(cursor: Cursor): Selector {
  expect(cursor, '[');
  skipSpace(cursor);
  const selector = nested(cursor, () => parseInside(cursor));
  skipSpace(cursor);
  expect(cursor, ']');
  return selector;
}

function parseInside(cursor: Cursor): Selector {
  if (take(cursor, '*')) return { kind: 'all' };
  if (take(cursor, '?')) {
    skipSpace(cursor);
    expect(cursor, '(');
    cursor.filters += 1;
    const test = parseTest(cursor, parsePath);
    cursor.filters -= 1;
    skipSpace(cursor);
    expect(cursor, ')');
    return { kind: 'filter', test };
  }
  const name = takeName(cursor);
  if (name !== null) return { kind: 'names', names: [name, ...more(cursor, () => takeName(cursor))] };
  const first = takeInteger(cursor);
  skipSpace(cursor);
  if (peek(cursor) === ':') return parseSlice(cursor, first);
  if (first === null)
    throw problemAt(cursor, "expected *, ?( … ), a number, a slice or a name in quotes such as ['name']");
  return { kind: 'indices', indices: [first, ...more(cursor, () => takeInteger(cursor))] };
}

/** A name in quotes. A backslash before its own quote, and `\u00f6`, are escapes in any case. */
function takeName(cursor: Cursor): Name | null {
  const quote = peek(cursor);
  const raw = takeQuoted(cursor);
  if (raw === null) return null;
  const name = raw.replace(/\\(\\|.)/gs, (whole, escaped: string) => (escaped === quote ? quote : whole));
  return {
    name: name.replace(/\\u[0-9a-fA-F]{4}/g, (unicode) => readEscapes(unicode) ?? unicode),
    unescaped: readEscapes(raw) ?? name,
  };
}

function parseSlice(cursor: Cursor, from: number | null): Selector {
  expect(cursor, ':');
  skipSpace(cursor);
  const to = takeInteger(cursor);
  skipSpace(cursor);
  const step = take(cursor, ':') ? (takeInteger(cursor) ?? 1) : 1;
  if (step < 1) throw problemAt(cursor, 'the step of a slice is at least 1');
  return { kind: 'slice', from, to, step };
}

function takeInteger(cursor: Cursor): number | null {
  const digits = takeMatch(cursor, INTEGER);
  return digits === null ? null : Number(digits);
}

/** What follows after commas. */
function more<T>(cursor: Cursor, read: () => T | null): T[] {
  const items: T[] = [];
  for (skipSpace(cursor); take(cursor, ','); skipSpace(cursor)) {
    skipSpace(cursor);
    const item = read();
    if (item === null) throw problemAt(cursor, 'expected another of its kind after the comma');
    items.push(item);
  }
  return items;
}
