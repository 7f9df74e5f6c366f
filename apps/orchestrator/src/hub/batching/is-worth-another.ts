import { RetryableError } from '@baton/contracts';
import type { Waiting } from './decide-messages.js';

const MAX_ATTEMPTS = 8;
/** The gateway accepted the request, or the workflows changed: see `unseenAsOf` of `HubMessage`. */
const MUST_LOOK_UP = 'must-look-up';

/**
 * Whether a message whose run changed under it is decided again, on the run as it is now. One that is not is answered here:
 * a repeated request is done, one that was not looked up comes again when it was, and after too many attempts a message comes
 * again later.
 */
export function isWorthAnother(waiting: Waiting, repeated: ReadonlySet<string>, unseen: ReadonlySet<string>): boolean {
  const { requestId, runId } = waiting.message;
  if (requestId !== undefined && repeated.has(requestId)) {
    waiting.settle('ignored');
    return false;
  }
  if (requestId !== undefined && unseen.has(requestId)) {
    waiting.fail(
      new RetryableError(`Request ${requestId} has to be looked up.`, { code: MUST_LOOK_UP, retryAfterMs: 0 }),
    );
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
