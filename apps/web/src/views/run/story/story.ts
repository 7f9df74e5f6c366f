/*
 * The story of a run as its log tells it: which states it entered, what it asked for there, and when that began and ended.
 * `tellStory` makes it of events. What takes time is an attempt: a task of a worker, a question to a person, a signal, a child
 * run, a timer, a question to the advisor.
 */

export type AttemptKind = 'task' | 'person' | 'signal' | 'run' | 'timer' | 'advice';

/** `asked`: the task asked a person and is over; another one goes on with the answer. */
export type AttemptStatus = 'open' | 'succeeded' | 'failed' | 'timed-out' | 'cancelled' | 'asked';

export interface Attempt {
  readonly commandId: string;
  readonly kind: AttemptKind;
  /** What is asked for: the kind of worker, the name of a signal or of a workflow. */
  readonly about: string;
  readonly state: string;
  readonly visit: number;
  /** From 1. */
  readonly attempt: number;
  /** The event that asks for it, and the one that ends it. */
  readonly version: number;
  readonly endVersion: number | null;
  readonly scheduledMs: number;
  /** There where it is not to begin before: a retry. Of a timer, when it is due. */
  readonly notBeforeMs: number | null;
  /** When it was asked for, or was allowed to begin. */
  readonly startMs: number;
  readonly endMs: number | null;
  readonly status: AttemptStatus;
  readonly error: string | null;
  readonly cause: string | null;
  readonly model: string | null;
}

/** One execution of a state machine: a branch of a Parallel, or an item of a Map. */
export interface FrameStory {
  readonly frame: number;
  /** From 0. */
  readonly branch: number;
  readonly visits: readonly VisitStory[];
  readonly outcome: 'open' | 'succeeded' | 'failed' | 'cancelled';
}

/** One entry into a state. */
export interface VisitStory {
  readonly visit: number;
  readonly state: string;
  /** Which visit of this state within its frame, from 1. */
  readonly ordinal: number;
  readonly version: number;
  readonly enteredMs: number;
  readonly leftMs: number | null;
  readonly attempts: readonly Attempt[];
  readonly frames: readonly FrameStory[];
  /** Of a Map: what the items are called, as far as that is short; null for every other state. */
  readonly items: readonly (string | null)[] | null;
}

export interface RunStory {
  /** The visits of the root, in the order in which they were entered. */
  readonly visits: readonly VisitStory[];
  /** All of them, in the order in which they were asked for. */
  readonly attempts: readonly Attempt[];
  /** States that took no time, so that nothing is to be drawn. */
  readonly instantVisits: number;
  /** When nothing new began in the run, because it was paused or had failed; the last one may last. */
  readonly pauses: readonly { readonly fromMs: number; readonly toMs: number | null }[];
  readonly firstMs: number | null;
  readonly lastMs: number | null;
}
