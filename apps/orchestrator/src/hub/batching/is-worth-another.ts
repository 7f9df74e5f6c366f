import { RetryableError } from '@baton/contracts';
import type { Waiting } from './decide-messages.js';

const MAX_ATTEMPTS = 8;

/**
 * Whether a message whose run changed under it is decided again, on the run as it is now. One that is not is answered here:
 * a repeated request is done, and after too many attempts a message comes again later.
 */
export function isWorthAnother(waiting: Waiting, repeated: ReadonlySet<string>): boolean {
  const { requestId, runId } = waiting.message;
  if (requestId !== undefined && repeated.has(requestId)) {
    waiting.settle('ignored');
    return false;
  }
  waiting.attempts += 1;
  if (waiting.attempts < MAX_ATTEMPTS) return true;
  waiting.fail(
    new RetryableError(`Run ${runId} changed under the hub ${MAX_ATTEMPTS} times in a row.`, {
      code: 'append-contention',
      retryAfterMs: 500,
    }),
  );
  return false;
}
