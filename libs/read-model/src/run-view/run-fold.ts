import type { RunView, StepView } from '@baton/contracts';
import type { List, Map as PersistentMap } from 'immutable';

/** What a view says of a run as a whole; the rest of it follows from what is open. */
export type RunFacts = Readonly<Omit<RunView, 'currentStates' | 'waitingFor' | 'steps'>>;

/** A view shows this many steps, the newest: a Map over a numbered state may enter it ten thousand times. */
export const MOST_STEPS = 500;

/** What a visit waits for that no worker does. */
export interface Wait {
  /** The n of the command's id. */
  readonly ordinal: number;
  /** The Resource of the Task, or `timer:` and the instant at which the timer is due. */
  readonly what: string;
  /** Epoch milliseconds. */
  readonly sinceMs: number;
}

/** A visit of a state that was entered and not left: what the fold must know to close it. */
export interface OpenVisit {
  readonly visit: number;
  readonly frame: number;
  readonly state: string;
  /** Which of the run's steps it is, counted from 0; null for a state that is no numbered step. */
  readonly step: number | null;
  /** How its last attempt ended, until the state is retried or left. */
  readonly lastFailure: 'failed' | 'timed-out' | null;
  readonly wait: Wait | null;
}

/**
 * A run's view and what folding the next event onto it needs to remember. Everything comes from the events, so a fold
 * that was stored and read again goes on exactly as if it had never stopped. The maps are persistent: one event in a run
 * with ten thousand open visits costs a logarithm and not a copy.
 */
export interface RunFold {
  readonly facts: RunFacts;
  /** From the document: the states that are numbered steps, and the phase of each state that has one. */
  readonly numbered: Readonly<Record<string, { readonly number: number; readonly title: string }>>;
  readonly phases: Readonly<Record<string, string>>;
  readonly open: PersistentMap<number, OpenVisit>;
  /** The visit that is open in each frame that has one. */
  readonly visitOfFrame: PersistentMap<number, number>;
  /** The newest steps; the last of them is number `stepCount - 1`. */
  readonly steps: List<StepView>;
  readonly stepCount: number;
}

/** Where an event stands: the facts of the log around its data. */
export interface EventMeta {
  readonly runId: string;
  readonly position: number;
  /** The event's number within its run, from 1. */
  readonly version: number;
  /** RFC 3339. */
  readonly recordedAt: string;
}
