import { z } from 'zod';
import { RunId } from './ids.js';

/** A run that is in a file, and not in the log. Whoever asks for it by its id brings it back. */
export const ArchivedRunView = z.object({
  runId: RunId,
  workflow: z.string(),
  status: z.string(),
  labels: z.record(z.string(), z.string()),
  /** As `apikey:ci`. */
  submittedBy: z.string(),
  startedAt: z.string(),
  endedAt: z.string(),
  archivedAt: z.string(),
  events: z.int(),
  /** Within the folder of archives. */
  file: z.string(),
});
export type ArchivedRunView = z.infer<typeof ArchivedRunView>;

/** `GET /v1/archive`: archived runs, those that ended last first. */
export const ArchiveList = z.object({
  /** How long runs must have ended before they are archived, in seconds; null: they are not. */
  afterSeconds: z.number().nullable(),
  /** The folder. */
  where: z.string(),
  /** Why the last attempt did not come to its end, in a sentence. */
  problem: z.string().nullable(),
  runs: z.array(ArchivedRunView),
  /** The cursor of the next page. */
  next: z.string().nullable(),
});
export type ArchiveList = z.infer<typeof ArchiveList>;

/** `POST /v1/archive`: what was put away. */
export const ArchiveDone = z.object({ runs: z.int(), files: z.int() });
export type ArchiveDone = z.infer<typeof ArchiveDone>;
