import { isJsonObject, type Json } from './json.js';

/**
 * The beginning of a value as JSON, for a sentence about it. Of a large value no more is written than is shown: a message
 * must not cost more than what it complains of.
 *
 * @param most characters
 */
export function preview(value: Json, most: number): string {
  return written(value, most).slice(0, most);
}

function written(value: Json, most: number): string {
  if (typeof value === 'string') return JSON.stringify(value.length > most ? value.slice(0, most) : value);
  if (Array.isArray(value)) return `[${joined(value, most, (item) => written(item, most))}]`;
  if (isJsonObject(value)) {
    const member = (name: string): string => `${JSON.stringify(name)}:${written(value[name] ?? null, most)}`;
    return `{${joined(Object.keys(value), most, member)}}`;
  }
  return JSON.stringify(value);
}

function joined<T>(parts: readonly T[], most: number, write: (part: T) => string): string {
  let text = '';
  for (const part of parts) {
    if (text.length > most) break;
    text += text === '' ? write(part) : `,${write(part)}`;
  }
  return text;
}
