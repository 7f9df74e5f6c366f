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

/**
 * What the opener gets while the server is away. It may be a typing error, and whoever starts Baton is let go: that it would
 * go on by itself holds only for what has begun.
 */
export function notThere(endpoint: string, cause: unknown): RetryableError {
  return new RetryableError(`The queue server does not answer: ${endpoint}.`, {
    code: 'queue-unreachable',
    next: `Check that it runs and that ${variableOf(endpoint)} is right, and try again.`,
    cause,
    retryAfterMs: RETRY_AFTER_MS,
  });
}

const variableOf = (endpoint: string): string => (endpoint.startsWith('redis') ? 'REDIS_URL' : 'DATABASE_URL');

/** What the opener gets when the server answers and does not let us in: a password, a missing database, a right. */
export function refused(endpoint: string, cause: unknown): BatonError {
  return new BatonError(`The queue server refuses the connection: ${endpoint}: ${reasonOf(cause)}.`, {
    code: 'queue-refused',
    next: `Check user, password and database in ${variableOf(endpoint)}.`,
    cause,
  });
}

/** Some of what a Redis and its client say is meant for whoever writes a client. */
function reasonOf(cause: unknown): string {
  const said = cause instanceof Error ? cause.message : String(cause);
  if (said.startsWith('NOAUTH')) return 'it asks for a password';
  if (said.startsWith('WRONGPASS')) return 'it does not know this user or password';
  if (said.startsWith('Unknown RESP type')) return 'what answers there is no Redis';
  return said.replace(/\.+$/, '');
}
