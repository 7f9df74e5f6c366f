import { z } from 'zod';
import { Actor } from './intake.js';
import { JsonObject } from './json.js';
import { CapView, ModelLoadView } from './limits.js';

/** What operators look at over HTTP: queues, messages that could not be taken, and whether the gateway works. */

export const QueueView = z.object({
  name: z.string(),
  waiting: z.int().nonnegative(),
  /** For how long the message that has waited longest has been due; null where none waits. */
  oldestMs: z.int().nonnegative().nullable(),
  active: z.int().nonnegative(),
  delayed: z.int().nonnegative(),
  completed: z.int().nonnegative(),
  /** Done in the last minute, to about a second; several that travel as one count as one, here as in the other figures. */
  doneLastMinute: z.int().nonnegative(),
  failed: z.int().nonnegative(),
});
export type QueueView = z.infer<typeof QueueView>;

/** `GET /v1/queues`: intake, results, and the workers that the known workflows ask for. */
export const QueueList = z.object({
  queues: z.array(QueueView),
  /** Caps on runs of which something is taken, or before which somebody waits: the hundred with the longest lines. */
  caps: z.array(CapView).default([]),
  /** Models that are limited and were asked lately. */
  models: z.array(ModelLoadView).default([]),
});
export type QueueList = z.infer<typeof QueueList>;

/** `POST /v1/queues/rebuild` */
export const RebuildAccepted = z.object({ status: z.literal('accepted') });
export type RebuildAccepted = z.infer<typeof RebuildAccepted>;

/** A message that could not be taken, kept with the reason. */
export const DeadLetterView = z.object({
  id: z.int(),
  at: z.string(),
  /** The queue it came from, or the part of the hub that gave up on it. */
  source: z.string(),
  /** The name of its job. */
  name: z.string(),
  reason: z.string(),
  /** As text: JSON where it was JSON. */
  message: z.string(),
  requestId: z.string().optional(),
  runId: z.string().optional(),
  commandId: z.string().optional(),
  /** Whether some of the message was left out, because it was too large to be kept. */
  isCut: z.boolean(),
  /** There, and true, where it is a result that nobody waited for: nothing is to be done about it. */
  isRefused: z.boolean().optional(),
  /** When somebody asked that it be taken up again, and who; absent while it is open. */
  requeuedAt: z.string().optional(),
  requeuedBy: Actor.optional(),
  /** When that was done. */
  sentAt: z.string().optional(),
});
export type DeadLetterView = z.infer<typeof DeadLetterView>;

/** `GET /v1/dead-letters`: newest first; `next` is the cursor of the following page. */
export const DeadLetterList = z.object({ deadLetters: z.array(DeadLetterView), next: z.string().nullable() });
export type DeadLetterList = z.infer<typeof DeadLetterList>;

/** `GET /v1/schemas`: a JSON Schema of each message on the queues, by `<kind of queue>.<name of the job>`. */
export const SchemaList = z.object({ schemas: z.record(z.string(), JsonObject) });
export type SchemaList = z.infer<typeof SchemaList>;

/** `GET /livez` */
export const Liveness = z.object({ status: z.literal('alive') });
export type Liveness = z.infer<typeof Liveness>;

/** `GET /readyz`: 200 where every check says `ok`; with `?verbose` the facts, too. */
export const Readiness = z.object({
  status: z.literal('ready'),
  phase: z.string(),
  checks: z.record(z.string(), z.string()),
  facts: z.record(z.string(), z.string()).optional(),
});
export type Readiness = z.infer<typeof Readiness>;

/** What operators look at and what is no event of a run. */
export const OperationsPart = z.enum(['queues', 'workers', 'dead-letters', 'webhooks', 'keys', 'sessions']);
export type OperationsPart = z.infer<typeof OperationsPart>;

/** `event: operations` of `GET /v1/events?also=operations`: what has changed since the one before, and not how. */
export const OperationsChange = z.object({ changed: z.array(OperationsPart) });
export type OperationsChange = z.infer<typeof OperationsChange>;
