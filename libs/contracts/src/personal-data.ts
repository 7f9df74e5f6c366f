import { z } from 'zod';
import { RunId } from './ids.js';
import { Actor } from './intake.js';

const Subject = z
  .string()
  .min(1)
  .max(200)
  .refine((text) => text.isWellFormed(), 'must be well-formed Unicode');

/** `POST /v1/personal/lookups`: whom it is about stands in the body, since addresses are written to logs. */
export const LookUpPersonal = z.strictObject({ subject: Subject });
export type LookUpPersonal = z.infer<typeof LookUpPersonal>;

/** What is known of a subject. */
export const PersonalSubjectView = z.object({
  keyId: z.string(),
  /** RFC 3339: when something of it was first sealed. */
  since: z.string(),
  /** The runs that hold something of it, at most a thousand. */
  runs: z.array(RunId),
  /** Whether there are more. */
  more: z.boolean(),
});
export type PersonalSubjectView = z.infer<typeof PersonalSubjectView>;

/** `POST /v1/personal/erasures`: destroys the key of a subject for good. */
export const ErasePersonal = z.strictObject({ subject: Subject, reason: z.string().min(1).max(500) });
export type ErasePersonal = z.infer<typeof ErasePersonal>;

/** That a key was destroyed; it does not say whose it was. */
export const PersonalErasureView = z.object({
  keyId: z.string(),
  /** How many runs held something under it. */
  runs: z.int(),
  at: z.string(),
  by: Actor,
  reason: z.string(),
});
export type PersonalErasureView = z.infer<typeof PersonalErasureView>;

/** `GET /v1/personal/erasures`: newest first. */
export const PersonalErasureList = z.object({ erasures: z.array(PersonalErasureView) });
export type PersonalErasureList = z.infer<typeof PersonalErasureList>;
