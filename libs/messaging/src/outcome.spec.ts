import { RetryableError, TerminalError } from '@baton/contracts';
import { describe, expect, it } from 'vitest';
import { outcomeOfFailure } from './outcome.js';
import type { RetryPolicy } from './queue-roles.js';

const policy: RetryPolicy = { attempts: 3, backoffMs: 100, maxBackoffMs: 250, maxDeliveries: 10, maxStalls: 5 };
const bug = new Error('bug');
const busy = new RetryableError('Busy.', { code: 'busy', retryAfterMs: 700 });
const wrong = new TerminalError('Wrong.', { code: 'wrong' });

describe('the outcome of a failure', () => {
  it.each([
    ['a bug is retried', bug, 0, 1, { type: 'retry', delayMs: 100, error: bug }],
    ['a second bug waits longer', bug, 1, 2, { type: 'retry', delayMs: 200, error: bug }],
    ['the last attempt ends in the dead letter', bug, 2, 3, { type: 'dead-letter', error: bug }],
    ['a terminal error ends at once', wrong, 0, 1, { type: 'dead-letter', error: wrong }],
    ['a retryable error waits as long as it asks', busy, 0, 1, { type: 'wait', delayMs: 700 }],
    ['a retryable error does not care for used up attempts', busy, 2, 9, { type: 'wait', delayMs: 700 }],
    ['a retryable error ends with the deliveries', busy, 0, 10, { type: 'dead-letter', error: busy }],
    ['a crash before counts as a delivery, not as an attempt', bug, 0, 4, { type: 'retry', delayMs: 100, error: bug }],
  ])('%s', (_case, error, failedAttempts, deliveries, expected) => {
    expect(outcomeOfFailure(error, { failedAttempts, deliveries }, policy)).toEqual(expected);
  });

  it('never waits longer than the policy allows', () => {
    const patient = { ...policy, attempts: 100, maxDeliveries: 1_000 };
    expect(outcomeOfFailure(bug, { failedAttempts: 60, deliveries: 61 }, patient)).toMatchObject({ delayMs: 250 });
  });
});
