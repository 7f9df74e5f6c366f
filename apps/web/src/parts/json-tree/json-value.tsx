import type { ReactElement } from 'react';
import { beginningOf, seen } from '../plain-text.js';
import { countOf } from '../spans.js';
import type { JsonLine } from './json-lines.js';

/** Of a string, what fits on a line. */
export const SHORT = 160;

function inside({ size, isArray, isOpen }: JsonLine): string {
  const [begin, end, one, many] = isArray ? ['[', ']', 'item', 'items'] : ['{', '}', 'member', 'members'];
  if (size === 0) return `${begin}${end}`;
  return isOpen ? begin : `${begin} ${countOf(size ?? 0)} ${size === 1 ? one : many} ${end}`;
}

/** One value on one line: cut where it is long, with its ends of lines drawn. */
export function JsonValue({ line }: { readonly line: JsonLine }): ReactElement {
  const { value, size } = line;
  if (size !== null) return <span className="text-quiet">{inside(line)}</span>;
  if (typeof value !== 'string') return <span className="text-accent">{String(value)}</span>;
  const { text, isCut } = beginningOf(value, SHORT);
  return (
    <>
      <span>"{seen(text).replaceAll('\n', '↵').replaceAll('\t', '⇥')}</span>
      {isCut ? <span className="text-quiet">… {countOf(value.length)} characters</span> : '"'}
    </>
  );
}
