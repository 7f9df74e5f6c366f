import type { Json } from '../json.js';
import { type Cursor, expect, nested, peek, problemAt, skipSpace, take, takeMatch } from './cursor.js';
import { readEscapes, takeQuoted, takeScalar } from './literal.js';
import type { Comparator, Operand, Path, Test } from './path.js';

/** Paths and tests hold each other, so the reader of paths is handed in. */
type ReadPath = (cursor: Cursor) => Path;

/** Reads the test of a filter: comparisons joined by `&&` and `||`, with `!` and brackets. */
export function parseTest(cursor: Cursor, readPath: ReadPath): Test {
  return nested(cursor, () =>
    joined(cursor, '||', 'or', () => joined(cursor, '&&', 'and', () => parseOne(cursor, readPath))),
  );
}

function joined(cursor: Cursor, sign: string, kind: 'and' | 'or', read: () => Test): Test {
  const first = read();
  const tests = [first];
  for (skipSpace(cursor); take(cursor, sign); skipSpace(cursor)) tests.push(read());
  return tests.length === 1 ? first : { kind, tests };
}

function parseOne(cursor: Cursor, readPath: ReadPath): Test {
  skipSpace(cursor);
  if (take(cursor, '!')) return { kind: 'not', test: nested(cursor, () => parseOne(cursor, readPath)) };
  if (take(cursor, '(')) {
    const test = parseTest(cursor, readPath);
    skipSpace(cursor);
    expect(cursor, ')');
    return test;
  }
  const left = parseOperand(cursor, readPath);
  skipSpace(cursor);
  const operator = takeComparator(cursor);
  if (operator !== null) {
    skipSpace(cursor);
    return { kind: 'compare', left, operator, right: parseOperand(cursor, readPath) };
  }
  if (left.kind === 'path' && (/[)&|]/.test(peek(cursor)) || peek(cursor) === ''))
    return { kind: 'exists', path: left.path };
  throw problemAt(cursor, EXPECTED_COMPARATOR);
}

const BARE_WORD = /[\p{L}_][\p{L}\p{N}_-]*/uy;

const COMPARATOR = /==|!=|<=|>=|<|>|(?:in|nin)\b/y;
const EXPECTED_COMPARATOR = 'expected one of ==, !=, <, <=, >, >=, in, nin';
const COMPARATORS: readonly Comparator[] = ['==', '!=', '<', '<=', '>', '>=', 'in', 'nin'];

function takeComparator(cursor: Cursor): Comparator | null {
  const sign = takeMatch(cursor, COMPARATOR);
  return COMPARATORS.find((each) => each === sign) ?? null;
}

function parseOperand(cursor: Cursor, readPath: ReadPath): Operand {
  if (peek(cursor) === '@' || peek(cursor) === '$') return { kind: 'path', path: readPath(cursor) };
  return { kind: 'literal', value: parseLiteral(cursor) };
}

function parseLiteral(cursor: Cursor): Json {
  const quoted = takeQuoted(cursor);
  if (quoted !== null) {
    const text = readEscapes(quoted);
    if (text === null) throw problemAt(cursor, 'four hexadecimal digits follow \\u; expected them before this place');
    return text;
  }
  const scalar = takeScalar(cursor);
  if (scalar !== undefined) return scalar;
  // The recorded service takes a word without quotes for a text.
  const word = takeMatch(cursor, BARE_WORD);
  if (word !== null) return word;
  if (!take(cursor, '['))
    throw problemAt(cursor, 'expected a path, a text in quotes, a number, a word, or a list in [ ]');
  return nested(cursor, () => {
    const items: Json[] = [];
    skipSpace(cursor);
    while (!take(cursor, ']')) {
      if (items.length > 0) expect(cursor, ',');
      skipSpace(cursor);
      items.push(parseLiteral(cursor));
      skipSpace(cursor);
    }
    return items;
  });
}
