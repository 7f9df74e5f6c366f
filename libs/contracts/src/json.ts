import { z } from 'zod';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

export const Json: z.ZodType<Json> = z.json();
export const JsonObject: z.ZodType<JsonObject> = z.record(z.string(), Json);

/** Where a payload above the inline limit was put: the SHA-256 (hex) of its UTF-8 JSON text, and its size in bytes. */
export const BlobRef = z.object({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  size: z.int().positive(),
});
export type BlobRef = z.infer<typeof BlobRef>;

/** Payloads above this many bytes of JSON travel as a BlobRef. */
export const INLINE_LIMIT_BYTES = 16 * 1024;
