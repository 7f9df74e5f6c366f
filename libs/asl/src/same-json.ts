import { isJsonObject } from './json.js';

/**
 * Whether two values are equal as JSON, whatever the order of their members: where and only where their `canonicalText` is the
 * same. It stops at the first difference and writes nothing, and does not recurse: data may be nested deeply.
 */
export function isSameJson(left: unknown, right: unknown): boolean {
  const waiting: unknown[] = [left, right];
  while (waiting.length > 0) {
    const b = waiting.pop();
    const a = waiting.pop();
    if (a === b) continue;
    const areAlike = Array.isArray(a) ? areLists(a, b, waiting) : areObjects(a, b, waiting);
    if (!areAlike) return false;
  }
  return true;
}

/** What is in them is put down for later, pair by pair. */
function areLists(a: readonly unknown[], b: unknown, waiting: unknown[]): boolean {
  if (!Array.isArray(b) || a.length !== b.length) return false;
  for (let at = 0; at < a.length; at += 1) waiting.push(a[at], b[at]);
  return true;
}

function areObjects(a: unknown, b: unknown, waiting: unknown[]): boolean {
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  for (const name of names) {
    if (!Object.hasOwn(b, name)) return false;
    waiting.push(Reflect.get(a, name), Reflect.get(b, name));
  }
  return true;
}
