import { z } from 'zod';

/** How runs came out. */
const Outcomes = z.object({
  succeeded: z.int(),
  failed: z.int(),
  cancelled: z.int(),
  /** From the beginning of a run to its end, of those that ended; null where none has. */
  medianMs: z.number().nullable(),
  /** Ninety-five of a hundred took no longer. */
  p95Ms: z.number().nullable(),
  decisions: z.int(),
  /** Decisions that went to a person. */
  escalations: z.int(),
  /** Of a workflow: how often its phases were gone through. */
  rounds: z.array(z.object({ phase: z.string(), runs: z.int(), mean: z.number(), most: z.int() })),
});

/** What some runs used. A child run is a run of its own: what it used is not in the figures of its parent, too. */
export const UsageGroup = z.object({
  /** The workflow, the kind of worker, the model, or the day, as 2026-01-31; null: tasks that named no model, and the total. */
  key: z.string().nullable(),
  /** By worker or model: runs with a task of it. */
  runs: z.int(),
  /** Tasks that came back, and advice. */
  tasks: z.int(),
  inputTokens: z.int(),
  outputTokens: z.int(),
  /** Null where the price of one of the tasks is not known. */
  costUsd: z.number().nullable(),
  /** Of the tasks whose price is known. */
  knownCostUsd: z.number(),
  /** How many tasks there are whose price is not. */
  unpriced: z.int(),
  /** Null by worker and by model: what a run comes to is no work of one of them. */
  outcomes: Outcomes.nullable(),
});
export type UsageGroup = z.infer<typeof UsageGroup>;

/** `GET /v1/usage`: of runs by when they began. The most expensive group first; of days the newest. */
export const UsageReport = z.object({
  by: z.enum(['workflow', 'agent', 'model', 'day']),
  /** RFC 3339; null where it is open. */
  since: z.string().nullable(),
  until: z.string().nullable(),
  /** In which a day is one. */
  timeZone: z.string(),
  groups: z.array(UsageGroup),
  /** Of all groups, also of those that are left off. */
  total: UsageGroup,
  /** How many groups there are beside those that are shown. */
  leftOff: z.int(),
});
export type UsageReport = z.infer<typeof UsageReport>;
