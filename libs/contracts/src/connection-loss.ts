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

/** SQLSTATE classes: 08 connection, 57P shutdown and start-up, 53300 too many connections. */
const SQLSTATE = /^(08...|57P..|53300)$/;

/** The drivers of both servers report some losses by message alone. */
const MESSAGES =
  /Connection is closed|Connection terminated|connection timeout|timeout exceeded when trying to connect|Query read timeout|Stream isn't writeable|Command timed out|max retries per request|not queryable|Client was closed/i;

/** Whether a server, Postgres or Redis, and not the request, is the cause: the same request can succeed later. */
export function isConnectionLoss(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // Node tries every address of a host and throws what each of them said.
  if (error instanceof AggregateError && error.errors.some(isConnectionLoss)) return true;
  const code = 'code' in error ? String(error.code) : '';
  return NETWORK_CODES.has(code) || isSocketGone(error) || SQLSTATE.test(code) || MESSAGES.test(error.message);
}

/** A server that is reached by a file: any other file that is missing is no lost connection. */
const isSocketGone = (error: Error): boolean =>
  'code' in error && error.code === 'ENOENT' && 'syscall' in error && error.syscall === 'connect';
