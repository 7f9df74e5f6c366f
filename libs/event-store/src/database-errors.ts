import { BatonError, RetryableError, toError } from '@baton/contracts';
import { Pool } from 'pg';

/** The lane belongs to another process now: nothing this one would write is accepted any more. */
export class LaneFenced extends BatonError {}

const LANE_FENCED = 'BT001';
const CONNECTION_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EPIPE',
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
  '53300', // too_many_connections
  '08000',
  '08003',
  '08006',
]);
const CONNECTION_MESSAGES =
  /Connection terminated|connection timeout|timeout exceeded when trying to connect|Query read timeout|not queryable/i;
/** The server answered, but not to this user or for this database: only a person can help. */
const REFUSED = /^(28...|3D000)$/;
/** A value that the database cannot hold (class 22, but for a role that does not exist), or that passes a limit of it (class 54). */
const NOT_STORABLE = /^(22(?!023)|54)...$/;

/** Names what the driver threw: a fenced lane, a database that is away (worth another try), a value it refuses, or the error as it is. */
export function asDatabaseError(thrown: unknown, connection: unknown): Error {
  const error = toError(thrown);
  if (error instanceof BatonError) return error;
  const code = codeOf(error);
  if (code === LANE_FENCED) {
    return new LaneFenced(`Another orchestrator has taken over: ${error.message}.`, {
      code: 'lane-fenced',
      cause: error,
    });
  }
  const where = connection instanceof Pool ? endpointOf(connection.options.connectionString) : 'its address';
  if (code !== undefined && REFUSED.test(code)) {
    return new BatonError(`The database at ${where} refused the connection: ${error.message}.`, {
      code: 'database-unreachable',
      next: 'Check that DATABASE_URL names the right user, password and database.',
      cause: error,
    });
  }
  if (isConnectionLoss(error)) {
    return new RetryableError(`The database at ${where} cannot be reached (${code ?? error.message}).`, {
      code: 'database-unreachable',
      next: 'Check that it is running and that DATABASE_URL names the right host, port and user.',
      retryAfterMs: 1_000,
      cause: error,
    });
  }
  if (code !== undefined && NOT_STORABLE.test(code)) {
    return new BatonError(`The database cannot hold a value: ${error.message}.`, {
      code: 'not-storable',
      next: 'Send something smaller or less deeply nested: it will be refused every time.',
      cause: error,
    });
  }
  return error;
}

export function isConnectionLoss(error: Error): boolean {
  const code = codeOf(error);
  return (code !== undefined && CONNECTION_CODES.has(code)) || CONNECTION_MESSAGES.test(error.message);
}

const INSUFFICIENT_PRIVILEGE = '42501';

/** Makes a missing right an error that says how to get it; leaves anything else as it is. */
export function asRefusal(thrown: unknown): Error {
  const error = toError(thrown);
  if (codeOf(error) !== INSUFFICIENT_PRIVILEGE) return error;
  return new BatonError(`The user in DATABASE_URL lacks a right: ${error.message}.`, {
    code: 'database-forbidden',
    next: 'Let an administrator make the roles baton_hub, baton_gateway and baton_worker and grant them to this user, who must own the database.',
    cause: error,
  });
}

/** host:port/database of a URL: never its user or password. */
export function endpointOf(url: string | undefined): string {
  if (url === undefined || !URL.canParse(url)) return 'the address in DATABASE_URL';
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}:${port === '' ? '5432' : port}${pathname}`;
}

function codeOf(error: Error): string | undefined {
  if ('code' in error && typeof error.code === 'string') return error.code;
  // Node tries every address of a host and throws what each of them said.
  if (error instanceof AggregateError) {
    const [first] = error.errors;
    return first instanceof Error ? codeOf(first) : undefined;
  }
  return undefined;
}
