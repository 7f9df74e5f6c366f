import { RunView } from '@baton/contracts';
import { z } from 'zod';

/** A visit of a state that was entered and not left: what the fold must know to close it. */
export const OpenVisit = z.object({
  visit: z.int(),
  frame: z.int(),
  state: z.string(),
  /** The visit's place in `view.steps`; null for a state that is no numbered step. */
  step: z.int().nullable(),
  /** How its last attempt ended, until the state is retried or left. */
  lastFailure: z.enum(['failed', 'timed-out']).nullable(),
});
export type OpenVisit = z.infer<typeof OpenVisit>;

/**
 * A run's view and what folding the next event onto it needs to remember. Everything comes from the events, so a fold
 * that was stored and read again goes on exactly as if it had never stopped.
 */
export const RunFold = z.object({
  view: RunView,
  memory: z.object({
    /** From the document: the states that are numbered steps, and the phase of each state that has one. */
    steps: z.record(z.string(), z.object({ number: z.int(), title: z.string() })),
    phases: z.record(z.string(), z.string()),
    open: z.array(OpenVisit),
  }),
});
export type RunFold = z.infer<typeof RunFold>;

/** Where an event stands: the facts of the log around its data. */
export interface EventMeta {
  readonly runId: string;
  readonly position: number;
  /** The event's number within its run, from 1. */
  readonly version: number;
  /** RFC 3339. */
  readonly recordedAt: string;
}
