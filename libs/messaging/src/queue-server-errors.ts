import { BatonError, RetryableError } from '@baton/contracts';

const RETRY_AFTER_MS = 1_000;

/** What callers of `publish` and of the epoch get while the server is away; they may try again. */
export function unreachable(endpoint: string, cause: unknown): RetryableError {
  return new RetryableError(`The queue server does not answer: ${endpoint}.`, {
    code: 'queue-unreachable',
    next: 'Check that it runs and that the URL is right; Baton goes on by itself once it is back.',
    cause,
    retryAfterMs: RETRY_AFTER_MS,
  });
}

/** What the opener gets when the server answers and does not let us in: a password, a missing database, a right. */
export function refused(endpoint: string, cause: unknown): BatonError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new BatonError(`The queue server refuses the connection: ${endpoint}: ${reason}.`, {
    code: 'queue-refused',
    next: 'Check user, password and database of the URL.',
    cause,
  });
}
