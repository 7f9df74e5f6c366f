import { z } from 'zod';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/*
 * JSON goes through as it is, as the very same value. zod's own `json()` and `record()` copy it and leave a member of the name
 * `__proto__` out of the copy, which is a member like any other in JSON.
 */

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
};

/** Without recursion, and each object once: what comes from outside may be nested deeply, and what code made in a circle. */
function isJson(value: unknown): value is Json {
  const waiting: unknown[] = [value];
  const seen = new Set<object>();
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next === 'string' || typeof next === 'boolean' || next === null) continue;
    if (typeof next === 'number' && Number.isFinite(next)) continue;
    if (typeof next !== 'object' || !(Array.isArray(next) || isPlain(next))) return false;
    if (seen.has(next)) continue;
    seen.add(next);
    for (const item of Object.values(next)) waiting.push(item);
  }
  return true;
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && isJson(value);

export const Json: z.ZodType<Json> = z.custom<Json>(isJson, 'expected a JSON value');
export const JsonObject: z.ZodType<JsonObject> = z
  .custom<JsonObject>(isObject, 'expected a JSON object')
  .meta({ type: 'object' });

/** Where a payload above the inline limit was put: the SHA-256 (hex) of its UTF-8 JSON text, and its size in bytes. */
export const BlobRef = z.object({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  size: z.int().positive(),
});
export type BlobRef = z.infer<typeof BlobRef>;

/** Payloads above this many bytes of JSON travel as a BlobRef. */
export const INLINE_LIMIT_BYTES = 16 * 1024;
