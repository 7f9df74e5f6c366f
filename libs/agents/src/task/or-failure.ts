import { toError } from '@baton/contracts';
import { INVALID_INPUT, type TaskFailure } from '@baton/worker';

/** What a part of a task comes to: a value, or that the task fails. */
export type OrFailure<T> = { readonly ok: true; readonly value: T } | TaskFailure;

export const invalidInput = (cause: string): TaskFailure => ({
  ok: false,
  error: INVALID_INPUT,
  cause,
  retryable: false,
});

/** Called between steps of a task: somebody else has it now, or the worker stops. */
export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw toError(signal.reason);
}
