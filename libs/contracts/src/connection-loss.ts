const NETWORK_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/**
 * SQLSTATE classes: 08 connection, 57P shutdown and start-up, 53300 too many connections, 25006 a server that only reads: a
 * standby, or a primary that was made read-only. Baton begins no read-only transaction itself.
 */
const SQLSTATE = /^(08...|57P..|53300|25006)$/;

/** The drivers of both servers report some losses by message alone. */
const MESSAGES =
  /Connection is closed|Connection terminated|connection timeout|timeout exceeded when trying to connect|Query read timeout|Stream isn't writeable|Command timed out|max retries per request|not queryable|Client was closed/i;

/** What a Redis says that is a replica, loads its data, or is in the middle of a failover; and what its client says of those. */
const REDIS =
  /READONLY You can't write|^(LOADING|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|NOREPLICAS|UNBLOCKED) |Cluster isn't ready|Failed to refresh slots cache|None of startup nodes is available|All sentinels are unreachable|Too many Cluster redirections/;

/** Whether a server, Postgres or Redis, and not the request, is the cause: the same request can succeed later. */
export function isConnectionLoss(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // Node tries every address of a host and throws what each of them said.
  if (error instanceof AggregateError && error.errors.some(isConnectionLoss)) return true;
  const code = 'code' in error ? String(error.code) : '';
  return NETWORK_CODES.has(code) || isLossOfSocket(error) || SQLSTATE.test(code) || isSaid(error.message);
}

const isSaid = (message: string): boolean => MESSAGES.test(message) || REDIS.test(message);

/**
 * A server that is reached by a file: it is not there, or more wait for it than it has room for. Any other file that is missing,
 * and any other call that is to be made again, is no lost connection.
 */
const isLossOfSocket = (error: Error): boolean =>
  'code' in error &&
  (error.code === 'ENOENT' || error.code === 'EAGAIN') &&
  'syscall' in error &&
  error.syscall === 'connect';
