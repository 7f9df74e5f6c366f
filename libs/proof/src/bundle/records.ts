import { z } from 'zod';

/*
 * A bundle is a file of JSON lines: a head, the events, what they name, and an end that counts them. Whoever has it and the
 * public key needs nothing else. Binary values are base64, hashes of content hexadecimal.
 */

const Text = z.string();
const Hex = z.string().regex(/^[0-9a-f]{64}$/);

export const BUNDLE_FORMAT = 'baton-bundle/1';

export const BundleHead = z.object({
  format: z.literal(BUNDLE_FORMAT),
  origin: Text,
  /** The checkpoint that all proofs lead to, a C2SP note. */
  checkpoint: Text,
  /** The public key that signed it, and the statements that lead to it from those before. */
  key: Text,
  rotations: z.array(Text),
  /** The runs whose events are in here, each with its place in the tree; null: all events up to the checkpoint. */
  runs: z.array(Text).nullable(),
  /** Of the runs those whose journals were erased, because they were of somebody whose data was. */
  erased: z.array(Text),
  /** Checkpoints before that one, with the proof that the log only went on since. */
  earlier: z.array(z.object({ checkpoint: Text, path: z.array(Text) })),
});
export type BundleHead = z.infer<typeof BundleHead>;

export const BundleEvent = z.object({
  position: z.int().positive(),
  runId: Text,
  version: z.int().positive(),
  type: Text,
  schemaVersion: z.int(),
  eventId: Text,
  causationId: Text.nullable(),
  correlationId: Text.nullable(),
  recordedAt: Text,
  /** JSON as it was hashed, byte for byte. */
  actorText: Text,
  dataText: Text,
  /** The hashes that lead from the event to the root; absent where all events are there. */
  path: z.array(Text).optional(),
});
export type BundleEvent = z.infer<typeof BundleEvent>;

export const BundleRecord = z.union([
  z.object({ event: BundleEvent }),
  /** In place of an event that was archived, where all events are there: its leaf in the tree. The archive proves the rest. */
  z.object({ archived: z.object({ position: z.int().positive(), leaf: Text }) }),
  z.object({ document: z.object({ sha256: Hex, text: Text }) }),
  z.object({ journal: z.object({ commandId: Text, callIndex: z.int(), text: Text }) }),
  z.object({ blob: z.object({ sha256: Hex, content: Text }) }),
  z.object({
    end: z.object({
      events: z.int(),
      documents: z.int(),
      journal: z.int(),
      blobs: z.int(),
      archived: z.int().default(0),
    }),
  }),
]);
export type BundleRecord = z.infer<typeof BundleRecord>;
