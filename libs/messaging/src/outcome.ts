import { BatonError, RetryableError, TerminalError } from '@baton/contracts';
import type { RetryPolicy } from './queue-roles.js';

/** What is to become of a message whose handler failed. */
export type FailureOutcome =
  | { readonly type: 'dead-letter'; readonly error: Error }
  /** Again after a while, without counting as a failed attempt. */
  | { readonly type: 'wait'; readonly delayMs: number }
  /** Again after a while, counted. */
  | { readonly type: 'retry'; readonly delayMs: number; readonly error: Error };

/** What the queue knows about a message: failures that counted so far, and deliveries, this one included. */
export interface DeliveryHistory {
  readonly failedAttempts: number;
  readonly deliveries: number;
}

export function outcomeOfFailure(error: Error, history: DeliveryHistory, policy: RetryPolicy): FailureOutcome {
  if (error instanceof TerminalError) return { type: 'dead-letter', error };
  if (history.deliveries >= policy.maxDeliveries) return { type: 'dead-letter', error };
  if (error instanceof RetryableError) return { type: 'wait', delayMs: Math.max(0, error.retryAfterMs) };
  if (history.failedAttempts + 1 >= policy.attempts) return { type: 'dead-letter', error };
  return { type: 'retry', delayMs: backoffMs(history.failedAttempts, policy), error };
}

/** Doubles with each failure before this one. */
export function backoffMs(failedAttempts: number, policy: RetryPolicy): number {
  return Math.min(policy.backoffMs * 2 ** failedAttempts, policy.maxBackoffMs);
}

/** The error for a message that was in the hands of too many processes when they died. */
export function stalledTooOften(stalls: number): BatonError {
  return new TerminalError(`The process that handled this message died or hung ${stalls} times.`, {
    code: 'stalled-too-often',
    next: 'Look into the logs of that service for the reason before you requeue the message.',
  });
}
