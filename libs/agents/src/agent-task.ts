import { type Json, toError, type Usage } from '@baton/contracts';

/** A task as an agent sees it: the envelope's ids for the records, and its arguments. */
export interface AgentTask {
  readonly commandId: string;
  readonly runId: string;
  /** The name of the state that asks. */
  readonly state: string;
  /** 1 for the first try. */
  readonly attempt: number;
  readonly arguments: Json;
}

/** What the model calls of a task used, where there were any. */
export interface TaskFacts {
  readonly usage?: Usage;
  readonly model?: string;
  readonly journal?: { readonly calls: number; readonly replayed: number };
}

/** A failure that is an outcome of the work and not a bug: `error` is what Retry and Catch match. */
export interface Failure {
  readonly ok: false;
  readonly error: string;
  readonly cause: string;
  readonly retryable: boolean;
}

export type Outcome<T> = { readonly ok: true; readonly value: T } | Failure;

export type AgentResult = ({ readonly ok: true; readonly output: Json } | Failure) & TaskFacts;

/**
 * Does one task. A business failure is a result; what is thrown is an abort by `signal`, a lost database or a bug, and
 * the queue hands the task out again.
 */
export type AgentTaskHandler = (task: AgentTask, signal: AbortSignal) => Promise<AgentResult>;

/** The least an agent needs of a logger; pino's has it. Ids only, never what a task holds. */
export interface AgentLog {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** The arguments of a task do not fit: the workflow must change, so a retry cannot help. */
export const INVALID_INPUT = 'Baton.InvalidInput';

export const invalidInput = (cause: string): Failure => ({ ok: false, error: INVALID_INPUT, cause, retryable: false });

/** Called between steps of a task: somebody else has it now, or the worker stops. */
export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw toError(signal.reason);
}
