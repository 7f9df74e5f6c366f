import { BatonError } from '@baton/contracts';
import { Pool, type PoolClient, types } from 'pg';
import { asDatabaseError, asRefusal } from './database-errors.js';

export type StoreRole = 'hub' | 'gateway' | 'worker' | 'owner';

export interface PoolOptions {
  /** Which of the schema's roles the connections work under; `owner` keeps the rights of the URL's user. */
  readonly role: StoreRole;
  readonly applicationName: string;
  /** Most connections. */
  readonly max?: number;
}

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
  const pool = new Pool({
    connectionString: url,
    max: options.max ?? 5,
    application_name: options.applicationName,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
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
      if (options.role === 'owner') return;
      await client.query(`set role baton_${options.role}`).catch((error: unknown) => {
        throw asRefusal(error);
      });
    },
  });
  pool.on('error', () => {
    // An idle connection broke (the server restarted): the pool has dropped it, and the next query opens another.
  });
  return pool;
}

/** Runs a query's worth of work and names a failure of the database as such. */
export async function query<Row extends object>(
  pool: Pool | PoolClient,
  name: string,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  try {
    const { rows } = await pool.query<Row>({ name, text, values: [...values] });
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
