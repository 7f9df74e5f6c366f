import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { migrate } from '../migrate.js';
import { eventStoreMigrations, type MigrationSet } from '../schema-files.js';

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/**
 * A fresh, migrated database on a running server, for one test file. `drop` throws where somebody is still connected, and
 * says who; the database is dropped all the same.
 */
export async function createTestDatabase(
  postgresUrl: string,
  sets: readonly MigrationSet[] = [eventStoreMigrations],
): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await asAdmin(postgresUrl, (client) => client.query(`create database ${name}`));
  const url = new URL(postgresUrl);
  url.pathname = `/${name}`;
  await migrate(url.href, sets);
  return { url: url.href, drop: () => drop(postgresUrl, name) };
}

/** A socket that was closed a moment ago is a backend that has yet to notice. */
const GRACE_MS = 3_000;

async function drop(postgresUrl: string, name: string): Promise<void> {
  const left = await asAdmin(postgresUrl, async (client) => {
    const connected = await whoStays(client, name);
    await client.query(`drop database if exists ${name} with (force)`);
    return connected;
  });
  if (left.length > 0) throw new Error(`still connected to a database that is dropped: ${left.join(', ')}`);
}

/** The names of the clients that are connected when the grace is over. */
async function whoStays(client: Client, name: string): Promise<readonly string[]> {
  const end = performance.now() + GRACE_MS;
  for (;;) {
    const { rows } = await client.query<{ who: string }>(
      `select coalesce(nullif(application_name, ''), 'somebody without an application_name') as who
         from pg_stat_activity where datname = $1 and backend_type = 'client backend' order by 1`,
      [name],
    );
    if (rows.length === 0 || performance.now() > end) return rows.map(({ who }) => who);
    await sleep(20);
  }
}

async function asAdmin<T>(postgresUrl: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: postgresUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
