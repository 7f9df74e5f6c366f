import type { Json } from '../json.js';
import { type Cursor, expect, nested, peek, problemAt, skipSpace, take, takeMatch } from './cursor.js';
import { takeQuoted, takeScalar, unescaped } from './literal.js';
import { parsePath } from './parse-path.js';
import type { Path } from './path.js';

/** What a field that ends in `.$` may hold: a path, or a call of an intrinsic function with such arguments. */
export type Query =
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'call'; readonly name: string; readonly text: string; readonly args: readonly Argument[] };

export type Argument =
  | Query
  /** `raw` is a text as it was written, with its escapes: States.Format tells `\{` from `{`. */
  | { readonly kind: 'literal'; readonly value: Json; readonly raw?: string };

/** Each intrinsic function with the least and the most arguments it takes. */
const INTRINSICS: Readonly<Record<string, readonly [least: number, most: number]>> = {
  'States.Array': [0, Number.POSITIVE_INFINITY],
  'States.ArrayPartition': [2, 2],
  'States.ArrayContains': [2, 2],
  'States.ArrayRange': [3, 3],
  'States.ArrayGetItem': [2, 2],
  'States.ArrayLength': [1, 1],
  'States.ArrayUnique': [1, 1],
  'States.Base64Encode': [1, 1],
  'States.Base64Decode': [1, 1],
  'States.Hash': [2, 2],
  'States.JsonMerge': [3, 3],
  'States.StringToJson': [1, 1],
  'States.JsonToString': [1, 1],
  'States.MathRandom': [2, 3],
  'States.MathAdd': [2, 2],
  'States.StringSplit': [2, 2],
  'States.UUID': [0, 0],
  'States.Format': [1, Number.POSITIVE_INFINITY],
};

const FUNCTION_NAME = /States\.[A-Za-z0-9]+/y;

/** Reads a path or a call that begins here. */
export function parseQuery(cursor: Cursor): Query {
  skipSpace(cursor);
  if (peek(cursor) === '$') return { kind: 'path', path: parsePath(cursor) };
  const from = cursor.at;
  const name = takeMatch(cursor, FUNCTION_NAME);
  if (name === null) throw problemAt(cursor, 'expected a path such as $.name, or an intrinsic function');
  const arity = Object.hasOwn(INTRINSICS, name) ? INTRINSICS[name] : undefined;
  if (arity === undefined)
    throw problemAt(cursor, `there is no intrinsic function ${name}; expected before this place`);
  const args = nested(cursor, () => parseArguments(cursor));
  if (args.length < arity[0] || args.length > arity[1]) {
    throw problemAt(cursor, `${name} does not take ${args.length} arguments, which ended`);
  }
  return { kind: 'call', name, text: cursor.text.slice(from, cursor.at), args };
}

function parseArguments(cursor: Cursor): readonly Argument[] {
  const args: Argument[] = [];
  skipSpace(cursor);
  expect(cursor, '(');
  skipSpace(cursor);
  while (!take(cursor, ')')) {
    if (args.length > 0) expect(cursor, ',');
    skipSpace(cursor);
    args.push(parseArgument(cursor));
    skipSpace(cursor);
  }
  return args;
}

function parseArgument(cursor: Cursor): Argument {
  if (peek(cursor) === "'") {
    const raw = takeQuoted(cursor) ?? '';
    // As the language has it: a backslash stands before one of these or not at all.
    if (/\\[^'{}\\]/.test(raw.replaceAll('\\\\', '')))
      throw problemAt(cursor, "only \\', \\{, \\} and \\\\ are escapes; another one ended");
    return { kind: 'literal', value: unescaped(raw, /\\(['{}\\])/g), raw: unescaped(raw, /\\(')/g) };
  }
  const value = takeScalar(cursor);
  return value === undefined ? parseQuery(cursor) : { kind: 'literal', value };
}
