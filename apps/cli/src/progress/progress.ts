import type { RunStatus } from '@baton/contracts';
import type { ToolReport } from './facts.js';

/** How the latest visit of a step ended, as far as it did; of several states the worst counts. */
export type Ending = 'done' | 'cancelled' | 'failed';

/** A numbered step, or a state without a number. All states with the same number are one step. */
export interface StepProgress {
  readonly key: string;
  readonly number: number | null;
  readonly title: string;
  readonly phase: string | null;
  readonly agent: string | null;
  /** How often it was gone through; several states of it one after the other are once. */
  readonly visits: number;
  /** The states entered in the newest visit. */
  readonly states: readonly string[];
  readonly ending: Ending;
  /** Highest attempt of the tasks of the current visit. */
  readonly attempt: number;
  /** When the current visit began, epoch milliseconds; null while nothing of the step is at work. */
  readonly sinceMs: number | null;
  /** Time of all finished visits together. */
  readonly workedMs: number;
}

export interface RoundProgress {
  readonly phase: string;
  readonly round: number;
  readonly scores: Readonly<Record<string, number>> | null;
  readonly target: string | null;
  readonly rationale: string;
}

interface OpenVisit {
  readonly frame: number;
  readonly state: string;
}

/** How far a Map is. */
export interface MapProgress {
  readonly state: string;
  readonly total: number;
  /** Items that have ended, whether well or not. */
  readonly done: number;
  readonly failed: number;
  readonly running: number;
  readonly isOpen: boolean;
  readonly newestFailure: string | null;
}

/** A frame that is an item of a Map. */
export interface ItemFrame {
  /** The visit of the Map. */
  readonly map: number;
  readonly index: number;
  readonly name: string | null;
  readonly failure: string | null;
}

/** What a person follows of a run: folded from its events, with no other source. */
export interface Progress {
  readonly runId: string;
  readonly workflow: string;
  readonly status: RunStatus;
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
  readonly version: number;
  readonly steps: readonly StepProgress[];
  /** The key of the step that was entered last. */
  readonly newestKey: string | null;
  readonly phases: readonly string[];
  readonly rounds: readonly RoundProgress[];
  readonly toolReports: readonly ToolReport[];
  readonly models: readonly string[];
  readonly problem: string | null;
  /** Visits that were entered and not left, by their number. */
  readonly open: Readonly<Record<number, OpenVisit>>;
  /** Approvals that are asked for, by their id: the states that ask. */
  readonly approvals: Readonly<Record<string, string>>;
  /** How many other tasks and timers are under way. */
  readonly workCount: number;
  readonly keyOfState: Readonly<Record<string, string>>;
  /** The phase of each state that has one. */
  readonly phaseOfState: Readonly<Record<string, string>>;
  /** States that take time without a number of their own: shown where they are entered. Null: every state is. */
  readonly unnumbered: ReadonlySet<string> | null;
  /** By visit. */
  readonly maps: ReadonlyMap<number, MapProgress>;
  /** By frame; those that run now. Written in place: a Map of ten thousand items would copy it as often. */
  readonly items: Map<number, ItemFrame>;
}
