import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'pg';
import { eventStoreMigrations, type MigrationSet } from '../schema-files.js';
import { copyOfTemplate, type Preparation } from './template.js';

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/**
 * A fresh, migrated database on a running server, for one test file. `drop` throws where somebody is still connected, and
 * says who; the database is dropped all the same.
 *
 * @param more what is prepared in it after the migrations, such as the tables of queues
 */
export async function createTestDatabase(
  postgresUrl: string,
  sets: readonly MigrationSet[] = [eventStoreMigrations],
  more: readonly Preparation[] = [],
): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const urlOf = (database: string): string => Object.assign(new URL(postgresUrl), { pathname: `/${database}` }).href;
  const admin = adminOf(postgresUrl);
  await copyOfTemplate({ admin, urlOf }, { sets, more }, name);
  return { url: urlOf(name), drop: () => drop(admin, name) };
}

const admins = new Map<string, Pool>();

/**
 * Stays connected for all files of a process, and keeps it from ending no more than an idle connection of `fetch` does: a new
 * connection has all pages of the server's memory to learn that a copy goes through, and takes three times as long for it.
 */
function adminOf(postgresUrl: string): Pool {
  const known = admins.get(postgresUrl);
  if (known !== undefined) return known;
  const pool = new Pool({
    connectionString: postgresUrl,
    max: 1,
    allowExitOnIdle: true,
    application_name: 'test-databases',
  });
  pool.on('error', () => {
    // The server ended before this process.
  });
  admins.set(postgresUrl, pool);
  return pool;
}

/** A socket that was closed a moment ago is a backend that has yet to notice. */
const GRACE_MS = 3_000;

async function drop(admin: Pool, name: string): Promise<void> {
  const left = await whoStays(admin, name);
  await admin.query(`drop database if exists ${name} with (force)`);
  if (left.length > 0) throw new Error(`still connected to a database that is dropped: ${left.join(', ')}`);
}

/** The names of the clients that are connected when the grace is over. */
async function whoStays(admin: Pool, name: string): Promise<readonly string[]> {
  const end = performance.now() + GRACE_MS;
  for (;;) {
    const { rows } = await admin.query<{ who: string }>(
      `select coalesce(nullif(application_name, ''), 'somebody without an application_name') as who
         from pg_stat_activity where datname = $1 and backend_type = 'client backend' order by 1`,
      [name],
    );
    if (rows.length === 0 || performance.now() > end) return rows.map(({ who }) => who);
    await sleep(20);
  }
}
