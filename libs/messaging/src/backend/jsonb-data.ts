import type { JsonObject } from '@baton/contracts';

/*
 * BullMQ keeps the data of a job in a jsonb column on Postgres, which refuses two things that JSON may hold: NUL, and half
 * of a surrogate pair. A model, a tool or a submitter can send either, and a job that is refused every time would hold
 * up all that is sent with it. Such data travels as its own JSON text, in which the escapes are plain letters.
 */

const AS_TEXT = 'baton:json';

/** JSON.stringify writes what jsonb refuses as escapes, in lower case. An escaped backslash before them matches too: no harm. */
const REFUSED = /\\u(0000|d[89a-f][0-9a-f]{2})/;

/** @param text the JSON of the data */
export function toJsonb(data: JsonObject, text: string): JsonObject {
  return REFUSED.test(text) ? { [AS_TEXT]: text } : data;
}

export function fromJsonb(data: unknown): unknown {
  if (typeof data !== 'object' || data === null || Object.keys(data).length !== 1) return data;
  const text: unknown = Reflect.get(data, AS_TEXT);
  if (typeof text !== 'string') return data;
  try {
    return JSON.parse(text);
  } catch {
    // Not ours: the queue's schema says what is wrong with it.
    return data;
  }
}
