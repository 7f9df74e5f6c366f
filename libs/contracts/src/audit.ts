import { z } from 'zod';

/** What the events were held against: the newest checkpoint that was published, and how many there are. */
export const SignedLog = z.object({
  /** The newest published checkpoint, a C2SP note: who wants to be sure opens it with a key that they know. */
  checkpoint: z.string(),
  /** Statements that a key follows another, each signed by both. */
  rotations: z.array(z.string()),
  checkpoints: z.int(),
  /** Events that were found to be those that were signed; the ones after them are too new. */
  events: z.int(),
  /** The folder or address of the checkpoints. */
  where: z.string(),
});
export type SignedLog = z.infer<typeof SignedLog>;

/** `GET /v1/audit/verify`: what was checked and the first thing found wrong. */
export const Verification = z.object({
  verified: z.boolean(),
  events: z.int(),
  runs: z.int(),
  problem: z.string().nullable(),
  /** Absent where no checkpoint is published. */
  signed: SignedLog.optional(),
  /** What of it is in archives, which were read as well; absent where there are none. */
  archived: z.object({ files: z.int(), runs: z.int(), events: z.int() }).optional(),
});
export type Verification = z.infer<typeof Verification>;

/** How far a verification has come; `of` is 0 where that is not known. */
export const VerificationProgress = z.object({
  phase: z.enum(['checkpoints', 'events', 'archives', 'blobs', 'views']),
  done: z.int(),
  of: z.int(),
});
export type VerificationProgress = z.infer<typeof VerificationProgress>;

/** A line of `GET /v1/audit/verify` as `application/x-ndjson`: progress, and last of all what came of it. */
export const VerificationLine = z.union([
  z.object({ progress: VerificationProgress }),
  z.object({ verification: Verification }),
  z.object({ failed: z.string() }),
]);
export type VerificationLine = z.infer<typeof VerificationLine>;

/** `GET /v1/audit/checkpoint`: the newest published checkpoint, and whether the log goes on being signed. */
export const CheckpointView = z.object({
  /** `off`: none are made; `stopped`: the log is not the one that was signed. */
  status: z.enum(['running', 'stopped', 'off']),
  origin: z.string(),
  /** The note; null where none is published. */
  checkpoint: z.string().nullable(),
  /** The public key that signs now, as one line; null where there is none yet. */
  key: z.string().nullable(),
  rotations: z.array(z.string()),
  where: z.string().nullable(),
  /** Events that no published checkpoint covers yet. */
  waiting: z.int(),
  /** Why nothing is signed, or why the newest could not be published, in a sentence. */
  problem: z.string().nullable(),
  /** That the log only went on since the size that was asked about; null where none was, or nothing is published. */
  consistency: z.object({ from: z.int(), path: z.array(z.string()) }).nullable(),
});
export type CheckpointView = z.infer<typeof CheckpointView>;

/** `GET /v1/audit/prove`: that an event is in the log at the newest checkpoint. Hashes are base64. */
export const EventProof = z.object({
  origin: z.string(),
  checkpoint: z.string(),
  rotations: z.array(z.string()),
  event: z.object({
    position: z.int(),
    runId: z.string(),
    version: z.int(),
    type: z.string(),
    schemaVersion: z.int(),
    eventId: z.string(),
    causationId: z.string().nullable(),
    correlationId: z.string().nullable(),
    recordedAt: z.string(),
    actorText: z.string(),
    dataText: z.string(),
  }),
  /** What leads from the leaf of the event to the root of the checkpoint. */
  inclusion: z.array(z.string()),
  /** That the log only went on since the size that was asked about; null where none was. */
  consistency: z.object({ from: z.int(), path: z.array(z.string()) }).nullable(),
});
export type EventProof = z.infer<typeof EventProof>;
