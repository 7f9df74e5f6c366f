import { ErrorName } from './error-names.js';
import type { Catcher, Retrier } from './machine.js';

const TERMINAL: readonly string[] = [ErrorName.dataLimitExceeded, ErrorName.runtime];
const TIMEOUTS: readonly string[] = [ErrorName.timeout, ErrorName.heartbeatTimeout];

/**
 * Whether a list of error names matches an error.
 * `States.ALL` matches everything but the errors the language calls terminal; those match by name only.
 * `States.TaskFailed` matches every error a task can end with except a timeout. `States.Timeout` also stands for a
 * missed heartbeat.
 */
export function matchesError(names: readonly string[], error: string): boolean {
  if (names.includes(error)) return true;
  if (TERMINAL.includes(error)) return false;
  if (names.includes(ErrorName.all)) return true;
  if (error === ErrorName.heartbeatTimeout && names.includes(ErrorName.timeout)) return true;
  return names.includes(ErrorName.taskFailed) && !TIMEOUTS.includes(error);
}

/**
 * The first retrier that matches the error, if it has attempts left.
 * Each retrier counts for itself: `used[i]` is how often retrier i was used in this visit of the state. The first one
 * that matches is the one that counts, even when it is used up: later ones are not asked.
 */
export function findRetrier(
  retriers: readonly Retrier[] | undefined,
  error: string,
  used: readonly number[],
): { readonly index: number; readonly retrier: Retrier; readonly retryNumber: number } | null {
  const index = (retriers ?? []).findIndex((retrier) => matchesError(retrier.ErrorEquals, error));
  const retrier = retriers?.[index];
  if (retrier === undefined) return null;
  const before = used[index] ?? 0;
  return before < (retrier.MaxAttempts ?? 3) ? { index, retrier, retryNumber: before + 1 } : null;
}

/** As the recorded service does it, States.ALL catches a result that is too large, though it does not retry it. */
const catchesError = (names: readonly string[], error: string): boolean =>
  matchesError(names, error) || (error === ErrorName.dataLimitExceeded && names.includes(ErrorName.all));

/** The first catcher that matches the error. */
export function findCatcher(
  catchers: readonly Catcher[] | undefined,
  error: string,
): { readonly index: number; readonly catcher: Catcher } | null {
  const index = (catchers ?? []).findIndex((catcher) => catchesError(catcher.ErrorEquals, error));
  const catcher = catchers?.[index];
  return catcher === undefined ? null : { index, catcher };
}

/**
 * How long to wait before the nth retry (from 1), in milliseconds: the interval, multiplied by the backoff rate for each
 * retry after the first, held under the maximum delay; with full jitter, a random part of it.
 * @param random a number in [0, 1), used only by jitter
 */
export function retryDelayMs(retrier: Retrier, retryNumber: number, random: number): number {
  const grown = (retrier.IntervalSeconds ?? 1) * (retrier.BackoffRate ?? 2) ** (retryNumber - 1);
  // A year: keeps the arithmetic finite when neither attempts nor delay have a bound worth the name.
  const seconds = Math.min(grown, retrier.MaxDelaySeconds ?? 31_622_400, 31_622_400);
  return Math.round(seconds * 1000 * (retrier.JitterStrategy === 'FULL' ? random : 1));
}
