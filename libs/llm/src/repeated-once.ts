import { setTimeout as delay } from 'node:timers/promises';
import { RetryableError } from '@baton/contracts';
import { modelAborted, spentOf } from './errors.js';
import type { CallModel } from './model.js';

/** A server that asks for a longer wait is left to the queue, which does not hold a worker while it waits. */
const LONGEST_WAIT_HERE_MS = 2_000;

/** Spares the queue a short trouble of the server. What cost something is told first. */
export function repeatedOnce(call: CallModel): CallModel {
  return async (request, signal) => {
    try {
      return await call(request, signal);
    } catch (error) {
      if (!isWorthRepeating(error)) throw error;
      await delay(error.retryAfterMs, undefined, { signal }).catch((cause: unknown) => {
        throw modelAborted(cause);
      });
      return call(request, signal);
    }
  };
}

const BRIEF_TROUBLES = new Set(['model-rate-limited', 'model-overloaded', 'model-unavailable', 'model-unreachable']);

const isWorthRepeating = (error: unknown): error is RetryableError =>
  error instanceof RetryableError &&
  spentOf(error) === null &&
  BRIEF_TROUBLES.has(error.code) &&
  error.retryAfterMs <= LONGEST_WAIT_HERE_MS;
