import type { Json } from '../json.js';
import { type Cursor, peek, problemAt, takeMatch } from './cursor.js';

/** As JSON writes it: no zeros in front. */
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\d.])/y;
const WORD = /(?:true|false|null)\b/y;

/** A text in single or double quotes as it stands between them, escapes and all; null where none begins here. */
export function takeQuoted(cursor: Cursor): string | null {
  const quote = peek(cursor);
  if (quote !== "'" && quote !== '"') return null;
  const from = cursor.at + 1;
  for (let at = from; at < cursor.text.length; at += 1) {
    if (cursor.text[at] === '\\') at += 1;
    else if (cursor.text[at] === quote) {
      cursor.at = at + 1;
      return cursor.text.slice(from, at);
    }
  }
  throw problemAt(cursor, `expected ${quote} at the end of the text that begins`);
}

const ESCAPE = /\\(u[0-9a-fA-F]{4}|[\s\S])/g;
const CONTROLS: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/**
 * Reads the escapes of a text in a path: `\u00f6`, `\n` and its like; any other character stands for itself. Null where a
 * `\u` has no four digits.
 */
export function readEscapes(raw: string): string | null {
  let isWhole = true;
  const text = raw.replace(ESCAPE, (_, escaped: string) => {
    isWhole &&= escaped !== 'u';
    if (escaped.length > 1) return String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
    return CONTROLS[escaped] ?? escaped;
  });
  return isWhole ? text : null;
}

/** Takes the escapes of the language away: `\'`, `\"`, `\{`, `\}` and `\\`. Any other backslash stays. */
export const unescaped = (raw: string, escapable = /\\(['"{}\\])/g): string => raw.replace(escapable, '$1');

/** A number, `true`, `false` or `null`; undefined where none begins here. */
export function takeScalar(cursor: Cursor): Json | undefined {
  const word = takeMatch(cursor, WORD) ?? takeMatch(cursor, NUMBER);
  if (word === null) {
    if (/[-\d]/.test(peek(cursor))) throw problemAt(cursor, 'expected a number as JSON writes it, such as 7 or -0.5,');
    return undefined;
  }
  const value: Json = JSON.parse(word);
  if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) {
    throw problemAt(cursor, `the number ${word} is too large; expected a smaller one before this place`);
  }
  return value;
}
