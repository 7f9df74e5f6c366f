/** How a run that ended by itself came out: succeeded or failed, not cancelled. */
export interface Outcome {
  readonly durationMs: number;
  /** In whole micro-dollars; null where the price of a part is not known. */
  readonly costMicroUsd: number | null;
  readonly isSuccess: boolean;
}

/** The same, with what else can be unusual of it. */
export interface FullOutcome extends Outcome {
  /** How often phases were gone through. */
  readonly rounds: number;
  /** The lowest of the last round; null where nothing was scored. */
  readonly score: number | null;
  /** How often a judge said otherwise than the tools. */
  readonly disagreements: number;
  /** Attempts that failed, or took too long. */
  readonly errors: number;
}

/** How a run came out, and how it went through a state of it. */
export interface StepOutcome extends Outcome {
  /** When the state was entered, from the beginning of the run. */
  readonly enteredMs: number;
  readonly spentMs: number;
}

/** The newest runs of a workflow, and those of the same version with an input of the same size. */
export interface History<T> {
  readonly alike: readonly T[];
  readonly all: readonly T[];
}

/** So many of the newest runs are looked at: work changes, and what was long ago says little. */
export const MOST_SAMPLES = 200;
