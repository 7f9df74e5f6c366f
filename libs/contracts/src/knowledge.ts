import { z } from 'zod';

/*
 * What a task read of the documentation that its run names, and what of it could not be read: told by the worker beside its
 * result, noted in its journal with each look, and shown to whoever asks what a result rests on.
 */

/** A text, image or PDF of which something was shown to the model. */
const SourceRead = z.object({
  /** The path or address. */
  source: z.string().max(2_100),
  /** SHA-256 (hex) of its content as it was read. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().nonnegative(),
  /** When it was read or fetched. */
  at: z.iso.datetime(),
  /** How much of it was shown, in bytes of UTF-8; of an image or a PDF all of it. */
  shownBytes: z.int().nonnegative(),
});
export type SourceRead = z.infer<typeof SourceRead>;

/** A location, or a part of one, that was not read; `reason` says why and what to do. */
const SourceLeftOut = z.object({ location: z.string().max(2_100), reason: z.string().max(2_000) });
export type SourceLeftOut = z.infer<typeof SourceLeftOut>;

export const KnowledgeUse = z.object({
  read: z.array(SourceRead).max(1_000),
  leftOut: z.array(SourceLeftOut).max(1_000),
  /** All that was searched through, whether anything of it was shown or not. */
  searched: z.object({ sources: z.int().nonnegative(), bytes: z.int().nonnegative() }),
});
export type KnowledgeUse = z.infer<typeof KnowledgeUse>;

/** An image or a PDF that was shown to a model; the content is a blob. */
export const ShownMedia = z.object({
  name: z.string().max(2_100),
  mediaType: z.enum(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'application/pdf']),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  size: z.int().nonnegative(),
});
export type ShownMedia = z.infer<typeof ShownMedia>;
