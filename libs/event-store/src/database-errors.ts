import { BatonError, endpointOf, isConnectionLoss, RetryableError, toError } from '@baton/contracts';
import { databasePooled, isReadOnlyRefusal, isRefusalOfPooler } from '@baton/servers';
import { Pool } from 'pg';

/** The lane belongs to another process now: nothing this one would write is accepted any more. */
export class LaneFenced extends BatonError {}

const LANE_FENCED = 'BT001';
const DOCUMENT_MISSING = 'BT002';
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
  if (code === DOCUMENT_MISSING) {
    return new BatonError(`An event names a document that is not stored: ${error.message}.`, {
      code: 'document-missing',
      next: 'Append the event with its document.',
      cause: error,
    });
  }
  const where = whereIs(connection);
  if (isReadOnlyRefusal(error)) return databaseReadOnly(connection, error);
  if (isRefusalOfPooler(error)) return databasePooled(urlOf(connection) ?? '', 'Baton', error);
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

const urlOf = (connection: unknown): string | undefined =>
  connection instanceof Pool ? connection.options.connectionString : undefined;

const whereIs = (connection: unknown): string =>
  connection instanceof Pool ? databaseAt(urlOf(connection)) : 'its address';

/** A primary that was made read-only, or a standby that is no primary yet: who waits finds it writable again. */
export const databaseReadOnly = (connection: unknown, cause?: unknown): RetryableError =>
  new RetryableError(`The database at ${whereIs(connection)} only reads: nothing can be written there now.`, {
    code: 'database-read-only',
    next: 'Make it writable, or make a standby the primary; Baton goes on by itself then.',
    retryAfterMs: 2_000,
    ...(cause === undefined ? {} : { cause }),
  });

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

/** Where the database is, for messages to people. */
export const databaseAt = (url: string | undefined): string => endpointOf(url) ?? 'the address in DATABASE_URL';

function codeOf(error: Error): string | undefined {
  if ('code' in error && typeof error.code === 'string') return error.code;
  // Node tries every address of a host and throws what each of them said.
  if (error instanceof AggregateError) {
    const [first] = error.errors;
    return first instanceof Error ? codeOf(first) : undefined;
  }
  return undefined;
}
