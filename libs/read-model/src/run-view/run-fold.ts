import type { ItemRef, KeptFact, MapView, RunView, StepView } from '@baton/contracts';
import type { List, Map as PersistentMap, Set as PersistentSet } from 'immutable';

/** What a view says of a run as a whole; the rest of it follows from what is open. */
export type RunFacts = Readonly<Omit<RunView, 'currentStates' | 'waitingFor' | 'kept' | 'steps' | 'maps'>>;

/** A view shows this many steps, the newest: a Map over a numbered state may enter it ten thousand times. */
export const MOST_STEPS = 500;

/** What a visit waits for that no worker does. */
export interface Wait {
  /** The n of the command's id. */
  readonly ordinal: number;
  /** The Resource of the Task, `timer:` and the instant at which the timer is due, or `token` where it is answered by that. */
  readonly what: string;
  /** Epoch milliseconds. */
  readonly sinceMs: number;
}

/** What came back to a visit of a paused run. */
export interface Kept {
  readonly what: KeptFact['what'];
  /** Epoch milliseconds. */
  readonly sinceMs: number;
}

/** A visit of a state that was entered and not left: what the fold must know to close it. */
export interface OpenVisit {
  readonly visit: number;
  readonly frame: number;
  readonly state: string;
  /** The kind of worker that it was last a task for; null where it was for none. */
  readonly agent: string | null;
  /** Which of the run's steps it is, counted from 0; null for a state that is not shown as one. */
  readonly step: number | null;
  /** How its last attempt ended, until the state is retried or left. */
  readonly lastFailure: 'failed' | 'timed-out' | null;
  readonly wait: Wait | null;
  /** Null where the run is not paused, or nothing came yet. */
  readonly kept: Kept | null;
}

/** A Map as the view shows it, and the visit that it is. */
export interface MapFact extends Readonly<MapView> {
  readonly visit: number;
}

/** An open frame that is about an item of a Map, or inside of one. */
export interface FrameFact {
  /** The visit of the Map whose item it is; null for a frame further in. */
  readonly map: number | null;
  readonly item: ItemRef;
  readonly failure?: { readonly error: string; readonly cause: string };
}

/**
 * A run's view and what folding the next event onto it needs to remember. Everything comes from the events, so a fold
 * that was stored and read again goes on exactly as if it had never stopped. The maps are persistent: one event in a run
 * with ten thousand open visits costs a logarithm and not a copy.
 */
export interface RunFold {
  readonly facts: RunFacts;
  /** From the document: the states that are shown as steps, some with a number, and the phase of each state that has one. */
  readonly shown: Readonly<Record<string, { readonly number: number | null; readonly title: string }>>;
  readonly phases: Readonly<Record<string, string>>;
  readonly open: PersistentMap<number, OpenVisit>;
  /** The visit that is open in each frame that has one. */
  readonly visitOfFrame: PersistentMap<number, number>;
  /** The newest steps; the last of them is number `stepCount - 1`. */
  readonly steps: List<StepView>;
  readonly stepCount: number;
  /** In the order in which they were entered. */
  readonly maps: List<MapFact>;
  /** The visits of Maps that are open, shown or not. */
  readonly mapVisits: PersistentSet<number>;
  readonly frames: PersistentMap<number, FrameFact>;
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
