import { isJsonObject, type Json } from '@baton/contracts';

/** A value as lines that people read, and that can be compared: names, and below them what they hold. It is not parsed again. */
export function readableText(value: Json): string {
  return linesOf(value, '').join('\n');
}

function linesOf(value: Json, indent: string): readonly string[] {
  if (Array.isArray(value)) return value.length === 0 ? [`${indent}none`] : value.flatMap((each) => item(each, indent));
  if (isJsonObject(value)) return Object.entries(value).flatMap(([name, each]) => member(name, each, indent));
  return String(value)
    .split('\n')
    .map((line) => `${indent}${line}`);
}

const isShort = (value: Json): boolean => (typeof value === 'object' ? value === null : !String(value).includes('\n'));

const isEmpty = (value: Json): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;

function member(name: string, value: Json, indent: string): readonly string[] {
  if (isEmpty(value)) return [`${indent}${name}: none`];
  if (isShort(value)) return [`${indent}${name}: ${String(value)}`];
  return [`${indent}${name}:`, ...linesOf(value, `${indent}  `)];
}

/** The first line of an item has a dash in place of the indentation that it would have. */
function item(value: Json, indent: string): readonly string[] {
  const [first = '', ...others] = linesOf(value, `${indent}  `);
  return [`${indent}- ${first.slice(indent.length + 2)}`, ...others];
}
