import { toError } from '@baton/contracts';
import type { TaskFailure } from '@baton/worker';

/** What a part of a task comes to. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | TaskFailure;

/** The arguments of a task do not fit: the workflow must change, so a retry cannot help. */
export const INVALID_INPUT = 'Baton.InvalidInput';

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
