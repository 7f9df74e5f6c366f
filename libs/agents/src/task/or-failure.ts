import { BatonError, describeError, toError } from '@baton/contracts';
import { INVALID_INPUT, type TaskFailure } from '@baton/worker';

/** What a part of a task comes to: a value, or that the task fails. */
export type OrFailure<T> = { readonly ok: true; readonly value: T } | TaskFailure;

export const invalidInput = (cause: string): TaskFailure => ({
  ok: false,
  error: INVALID_INPUT,
  cause,
  retryable: false,
});

/**
 * Why a version cannot be worked on that nobody has: it does not come by waiting, and whoever named it can name another.
 * Throws whatever else was thrown.
 */
export function whyMissing(thrown: unknown): string {
  if (!(thrown instanceof BatonError) || thrown.code !== 'workspace-not-found') throw thrown;
  return describeError(thrown);
}

/** Of a version that a workflow named wrongly. */
export const unlessMissing = (thrown: unknown): TaskFailure => invalidInput(whyMissing(thrown));

/** Called between steps of a task: somebody else has it now, or the worker stops. */
export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw toError(signal.reason);
}
