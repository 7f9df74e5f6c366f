import { BatonError } from '@baton/contracts';
import type pg from 'pg';
import { placeOf, postgresClient } from './postgres-client.js';

/*
 * A pooler such as pgbouncer may hand out another connection for each transaction. What belongs to a connection is then
 * somebody else's in the next moment, or nobody's: LISTEN, SET ROLE, search_path, locks of a session, prepared statements.
 */

const CONNECT_TIMEOUT_MS = 5_000;
/** Somebody else may come in between. */
const LOOKS = 5;

/**
 * What stands between this process and the server. Who is connected is told at the beginning a number that a pooler makes up, and
 * the server says the number of its own process; two clients that are connected and hear the same number share a connection.
 */
export async function poolerBefore(url: string): Promise<'none' | 'by session' | 'by transaction'> {
  const [one, other] = [clientOf(url), clientOf(url)];
  try {
    await one.connect();
    if ((await backendOf(one)) === toldNumber(one)) return 'none';
    await other.connect();
    for (let look = 0; look < LOOKS; look += 1) {
      if ((await backendOf(one)) === (await backendOf(other))) return 'by transaction';
    }
    return 'by session';
  } finally {
    await Promise.all([one, other].map((client) => client.end().catch(() => {})));
  }
}

function clientOf(url: string): pg.Client {
  const client = postgresClient(url, {
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: CONNECT_TIMEOUT_MS,
    application_name: 'baton-looks-for-pooler',
  });
  client.on('error', () => {
    // The query that was under way rejects as well.
  });
  return client;
}

async function backendOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  return rows[0]?.pid ?? 0;
}

/** The driver keeps it to cancel statements with. */
const toldNumber = (client: pg.Client): number => Number(Reflect.get(client, 'processID'));

/** @param what it is that does not work through it */
export const databasePooled = (url: string, what: string, cause?: unknown): BatonError =>
  new BatonError(
    `The database at ${placeOf(url)} is reached through a pooler that hands out a connection for each transaction, and ${what} needs one of its own.`,
    {
      code: 'database-pooled',
      next: 'Set BATON_DATABASE_DIRECT_URL to the Postgres itself; DATABASE_URL may go on leading to the pooler.',
      ...(cause === undefined ? {} : { cause }),
    },
  );

/** A pooler that does not know a setting of a connection refuses it; Postgres itself knows those that Baton makes. */
export const isRefusalOfPooler = (thrown: unknown): boolean =>
  thrown instanceof Error && /unsupported startup parameter/.test(thrown.message);

/** @throws BatonError `database-pooled`; what connecting throws */
export async function refuseTransactionPooler(url: string, what: string): Promise<void> {
  if ((await poolerBefore(url)) === 'by transaction') throw databasePooled(url, what);
}
