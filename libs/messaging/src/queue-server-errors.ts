import { BatonError, RetryableError } from '@baton/contracts';
import { isReadOnlyRefusal, tlsRefusal } from '@baton/servers';

const RETRY_AFTER_MS = 1_000;

/** What callers of `publish` and of the epoch get while the server is away; they may try again. */
export function unreachable(endpoint: string, cause: unknown): RetryableError {
  if (isReadOnlyRefusal(cause)) return onlyReads(endpoint, cause);
  return new RetryableError(`The queue server does not answer: ${endpoint}.`, {
    code: 'queue-unreachable',
    next: 'Check that it runs and that the URL is right; Baton goes on by itself once it is back.',
    cause,
    retryAfterMs: RETRY_AFTER_MS,
  });
}

/** A primary that was made read-only, or a standby that is no primary yet. */
const onlyReads = (endpoint: string, cause: unknown): RetryableError =>
  new RetryableError(`The queue server only reads: ${endpoint}.`, {
    code: 'queue-unreachable',
    next: 'Make it writable, or make a standby the primary; Baton goes on by itself then.',
    cause,
    retryAfterMs: RETRY_AFTER_MS,
  });

/**
 * What the opener gets while the server is away. It may be a typing error, and whoever starts Baton is let go: that it would
 * go on by itself holds only for what has begun.
 */
export function notThere(endpoint: string, cause: unknown): RetryableError {
  if (isReadOnlyRefusal(cause)) return onlyReads(endpoint, cause);
  return new RetryableError(`The queue server does not answer: ${endpoint}.`, {
    code: 'queue-unreachable',
    next: `Check that it runs and that ${variableOf(endpoint)} is right, and try again.${endpoint.startsWith('redis') ? ' Where it wants TLS, that begins with rediss://.' : ''}`,
    cause,
    retryAfterMs: RETRY_AFTER_MS,
  });
}

const variableOf = (endpoint: string): string => (endpoint.startsWith('redis') ? 'REDIS_URL' : 'DATABASE_URL');

/** What the opener gets when the server answers and does not let us in: a password, a missing database, a right. */
export function refused(endpoint: string, cause: unknown): BatonError {
  return new BatonError(`The queue server refuses the connection: ${endpoint}: ${reasonOf(cause)}.`, {
    code: 'queue-refused',
    next: nextOf(endpoint, cause),
    cause,
  });
}

function nextOf(endpoint: string, cause: unknown): string {
  if (isForbidden(cause)) return 'Give that user the rights that docs/operating.md lists under Redis, and try again.';
  if (tlsRefusal(cause) !== null) {
    return `Check the scheme of ${variableOf(endpoint)}, and name the file with the certificates of your authority in it: rediss://…?ssl_ca_certs=/etc/ssl/redis-ca.pem.`;
  }
  return `Check user, password and database in ${variableOf(endpoint)}.`;
}

const isForbidden = (cause: unknown): boolean => cause instanceof Error && /\bNOPERM\b|ACL failure/.test(cause.message);

/** Some of what a Redis and its client say is meant for whoever writes a client. */
function reasonOf(cause: unknown): string {
  const said = cause instanceof Error ? cause.message : String(cause);
  const tls = tlsRefusal(cause);
  if (tls !== null) return tls;
  if (isForbidden(cause)) return `its user lacks a right that Baton needs (${said.replace(/\.+$/, '')})`;
  if (said.startsWith('NOAUTH')) return 'it asks for a password';
  if (said.startsWith('WRONGPASS')) return 'it does not know this user or password';
  if (said.startsWith('Unknown RESP type')) return 'what answers there is no Redis';
  return said.replace(/\.+$/, '');
}
