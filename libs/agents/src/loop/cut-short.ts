import { BatonErrorName, type ConversationEntry, RetryableError } from '@baton/contracts';
import type { OrFailure } from '../task/or-failure.js';
import { ABORTED } from './call-once.js';
import { isTooLong } from './room.js';

/** Calls one after the other that may break off before the task fails; then its workflow may try it anew. */
const CUTS = 5;
const LONGEST_PAUSE_MS = 60_000;

/**
 * After a call that broke off the queue keeps the task for a while, and it goes on from its journal: what was paid before is
 * not paid again, as it would be by a try of the workflow's.
 *
 * @throws RetryableError `model-cut` while there is hope
 */
export function cutShort(entries: readonly ConversationEntry[]): OrFailure<never> | null {
  const last = entries.at(-1);
  if (last?.kind !== 'cut' || isTooLong(last)) return null;
  // That a worker was stopped says nothing of the model.
  const since = entries.slice(entries.findLastIndex(({ kind }) => kind !== 'cut') + 1);
  const cuts = since.filter((entry) => entry.kind === 'cut' && entry.code !== ABORTED && !isTooLong(entry)).length;
  const pauseMs = Math.min(LONGEST_PAUSE_MS, 1_000 * 4 ** Math.max(0, cuts - 1));
  const details = { code: 'model-cut', retryAfterMs: Math.max(pauseMs, last.retryAfterMs ?? 0) };
  const error = new RetryableError(last.message, details);
  if (cuts < CUTS) throw error;
  return {
    ok: false,
    error: BatonErrorName.modelUnavailable,
    cause: `${last.message} It was asked ${cuts} times.`,
    retryable: true,
  };
}
