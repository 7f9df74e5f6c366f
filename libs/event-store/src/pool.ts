import { BatonError } from '@baton/contracts';
import { isWritable, postgresTarget } from '@baton/servers';
import { type ClientBase, Pool, types } from 'pg';
import { asDatabaseError, asRefusal, databaseReadOnly } from './database-errors.js';

export type StoreRole = 'hub' | 'gateway' | 'worker' | 'owner';

export interface PoolOptions {
  /** Which of the schema's roles the connections work under; `owner` keeps the rights of the URL's user. */
  readonly role: StoreRole;
  readonly applicationName: string;
  /** Most connections. */
  readonly max?: number;
  /**
   * Whether the URL leads to a pooler that hands out a connection for each transaction. Then nothing is set on connections, and
   * no statement is prepared: the login has its rights by itself, and how long a statement may take is the server's to say.
   */
  readonly isPooled?: boolean;
  /** Asked of each new connection before anything else is; where it throws, the connection is not used. */
  readonly assure?: (client: ClientBase) => Promise<void>;
}

/** What is reached through a pooler, pools and their connections. */
const pooled = new WeakSet<object>();

/** Gives a statement its name, by which a connection prepares it once. */
export const preparedAs = (connection: object, name: string | undefined): { readonly name?: string } =>
  name === undefined || pooled.has(connection) ? {} : { name };

const STATEMENT_TIMEOUT_MS = 30_000;
/** A server that vanished without a word never answers: then the client gives up, after the server should have. */
const ANSWER_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 5_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** The system asks then whether the other end is there, and not after two hours. */
const KEEP_ALIVE_AFTER_MS = 10_000;

const JSON_OID = 114;
const BIGINT_OID = 20;

/**
 * Connections to the event store. `json` columns arrive as text, since the exact bytes were hashed; bigint as number
 * (positions stay far below 2^53). A connection that breaks is replaced; that never ends the process.
 */
export function createPool(url: string, options: PoolOptions): Pool {
  const isPooled = options.isPooled === true;
  const pool = new Pool({
    ...postgresTarget(url),
    max: options.max ?? 5,
    application_name: options.applicationName,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    ...(isPooled ? {} : { statement_timeout: STATEMENT_TIMEOUT_MS }),
    query_timeout: ANSWER_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
    types: {
      getTypeParser: (oid: number, format?: 'text' | 'binary') => {
        if (oid === JSON_OID) return (text: string) => text;
        if (oid === BIGINT_OID) return Number;
        return types.getTypeParser(oid, format);
      },
    },
    // Not as a start-up option: `?options=` in the URL would replace it, and the connection keep the rights of the owner.
    onConnect: async (client) => {
      // Before the first query on it: it may break at once.
      client.on('error', () => {
        // A connection broke while somebody held it: their next query on it fails and says so.
      });
      if (isPooled) pooled.add(client);
      else if (options.role !== 'owner') {
        await client.query(`set role baton_${options.role}`).catch((error: unknown) => {
          throw asRefusal(error);
        });
      }
      await options.assure?.(client);
    },
  });
  if (isPooled) pooled.add(pool);
  pool.on('error', () => {
    // An idle connection broke (the server restarted): the pool has dropped it, and the next query opens another.
  });
  return pool;
}

/** Runs a query's worth of work and names a failure of the database as such. */
export async function query<Row extends object>(
  pool: Pool | ClientBase,
  name: string,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  try {
    const { rows } = await pool.query<Row>({ ...preparedAs(pool, name), text, values: [...values] });
    return rows;
  } catch (thrown) {
    throw asDatabaseError(thrown, pool);
  }
}

/** The one row a statement must give. */
export function one<Row>(rows: readonly Row[], what: string): Row {
  const [row] = rows;
  if (row === undefined) throw new BatonError(`The database gave no row for ${what}.`, { code: 'no-row' });
  return row;
}

/** Resolves where something can be written. @throws RetryableError `database-read-only`, `database-unreachable` */
export async function assertWritable(pool: Pool): Promise<void> {
  const isSo = await isWritable(pool).catch((thrown: unknown) => {
    throw asDatabaseError(thrown, pool);
  });
  if (!isSo) throw databaseReadOnly(pool);
}
