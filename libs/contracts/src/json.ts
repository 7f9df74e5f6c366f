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

const isScalar = (value: unknown): boolean =>
  typeof value === 'string' || typeof value === 'boolean' || value === null || Number.isFinite(value);

/**
 * Without recursion, and each object once: what comes from outside may be nested deeply, and what code made in a circle. What
 * holds no other object cannot lead back, and is not remembered: there may be hundreds of thousands.
 */
function isJson(value: unknown): value is Json {
  if (isScalar(value)) return true;
  const waiting: unknown[] = [value];
  const seen = new Set<object>();
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next !== 'object' || next === null || !(Array.isArray(next) || isPlain(next))) return false;
    if (seen.has(next)) continue;
    const members = Object.values(next).filter((member) => !isScalar(member));
    if (members.length === 0) continue;
    seen.add(next);
    for (const member of members) waiting.push(member);
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
