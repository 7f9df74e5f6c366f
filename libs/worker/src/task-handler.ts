import {
  BatonErrorName,
  type HandIn,
  type JournalPart,
  type Json,
  type Task,
  type TaskAnswer,
  type TaskAsks,
  type TaskBudget,
  type TaskFacts,
} from '@baton/contracts';

/** A task as its handler sees it: the envelope's ids for the records, and its arguments. */
export interface WorkerTask {
  readonly commandId: string;
  readonly runId: string;
  /** The name of the state that asks. */
  readonly state: string;
  /** 1 for the first try. */
  readonly attempt: number;
  readonly arguments: Json;
  /** The most that the task may spend on models; absent where nothing limits it. */
  readonly budget?: TaskBudget;
  /** What the run was submitted with for its agents: a model instead of theirs, and variants of templates by their ids. */
  readonly agents?: NonNullable<Task['agents']>;
  /** RFC 3339 instant after which nobody waits for the result; absent where there is none. */
  readonly deadline?: string;
  /** How many questions it may put to a person; absent: nobody may be asked. */
  readonly questions?: number;
  /** There where it goes on from tasks before it, the last of which asked: whose journals, and what became of the question. */
  readonly continues?: readonly JournalPart[];
  readonly answer?: TaskAnswer;
  /** There where a person did the work by hand: it is to be looked at by the rules for the worker's own answers. */
  readonly handIn?: HandIn;
  /** There where the state goes on until somebody answers by this token; the result ends it only where it is a failure. */
  readonly taskToken?: string;
}

/** The arguments of a task do not fit: the workflow must change, so a retry cannot help. */
export const INVALID_INPUT = BatonErrorName.invalidInput;

/** A failure that is an outcome of the work and not a bug: `error` is what Retry and Catch match. */
export interface TaskFailure {
  readonly ok: false;
  readonly error: string;
  readonly cause: string;
  readonly retryable: boolean;
  /** It did not fail: it asks a person, and another task goes on with the answer. */
  readonly asks?: TaskAsks;
}

/** What was handed in for a task does not fit it: whoever did the work is asked again, with the problems. */
export const refusedHandIn = (problems: string): TaskFailure => ({
  ok: false,
  error: BatonErrorName.handInRefused,
  cause: problems,
  retryable: false,
});

export type TaskResult = ({ readonly ok: true; readonly output: Json } | TaskFailure) & TaskFacts;

/**
 * Does one task. A business failure is a result; what is thrown is an abort by `signal`, a lost database or a bug, and
 * the queue hands the task out again. A RetryableError keeps the task in the queue for as long as it says, and no worker
 * waits.
 */
export type TaskHandler = (task: WorkerTask, signal: AbortSignal) => Promise<TaskResult>;

/** The least a worker needs of a logger; pino's has it. Ids only, never what a task holds. */
export interface WorkerLog {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
}
