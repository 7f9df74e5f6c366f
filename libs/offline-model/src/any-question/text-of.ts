import type { Json } from '@baton/contracts';

/**
 * JSON as a text that sentences can be taken from: a line for each sentence or word in it, and `january: 10200` for what is
 * no sentence by itself. What is said twice stands once.
 */
export const textOf = (value: Json): string => [...new Set(linesOf(value, ''))].join('\n');

function linesOf(value: Json, name: string): readonly string[] {
  if (value === null || value === '') return [];
  if (Array.isArray(value)) return value.flatMap((item) => linesOf(item, name));
  if (typeof value === 'object') return Object.entries(value).flatMap(([key, item]) => linesOf(item, key));
  const isSentence = typeof value === 'string' && /\s/.test(value.trim());
  return [isSentence || name === '' ? String(value) : `${name}: ${value}`];
}
