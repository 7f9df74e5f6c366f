import { BatonError, RetryableError } from '@baton/contracts';

const RETRY_AFTER_MS = 1_000;

const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
]);

/** SQLSTATE classes: 08 connection, 57P shutdown and start-up, 53300 too many connections. */
const SQLSTATE = /^(08...|57P..|53300)$/;

/** Both drivers report some losses by message alone. */
const MESSAGES =
  /Connection is closed|Connection terminated|connection timeout|timeout exceeded when trying to connect|Query read timeout|Stream isn't writeable|Command timed out|max retries per request|not queryable|Client was closed/i;

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';

/** Whether the server, and not the request, is the cause: the same request can succeed later. */
export function isConnectionLoss(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError && error.errors.some(isConnectionLoss)) return true;
  const code = codeOf(error);
  return NETWORK_CODES.has(code) || SQLSTATE.test(code) || MESSAGES.test(error.message);
}

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
