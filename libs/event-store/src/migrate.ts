import { BatonError, isConnectionLoss } from '@baton/contracts';
import { changePatiently, postgresClient, refuseTransactionPooler } from '@baton/servers';
import type { Client } from 'pg';
import { schemaNewer } from './assert-schema.js';
import { asDatabaseError, asRefusal, databaseAt } from './database-errors.js';
import {
  eventStoreMigrations,
  type Migration,
  type MigrationSet,
  readFunctions,
  readMigrations,
} from './schema-files.js';

/** Any number, the same in every process: migrations of one database run one after the other. */
const ADVISORY_LOCK = 7_262_616_001;
const OLDEST_POSTGRES = 150_000;
const CONNECT_TIMEOUT_MS = 5_000;

/**
 * Brings the schema to the version of this program; safe to run by many processes at once, and while programs of the former
 * version work. Each migration is a transaction of its own, and so is each function that changed.
 *
 * @param patienceMs how long one of them is tried where others hold it up
 * @throws BatonError `database-unreachable`, `database-too-old`, `database-forbidden`, `schema-newer`, `migration-changed`,
 *   `migration-held-up`: those before it are done, and the rest is where it is run again
 */
export async function migrate(
  url: string,
  sets: readonly MigrationSet[] = [eventStoreMigrations],
  { patienceMs }: { readonly patienceMs?: number } = {},
): Promise<void> {
  const client = postgresClient(url, {
    application_name: 'baton-migrate',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  client.on('error', () => {
    // The query that was under way rejects as well, and says what happened.
  });
  try {
    await client.connect().catch((cause: unknown) => {
      throw unreachable(url, cause);
    });
    await refuseOldServer(client);
    await refuseTransactionPooler(url, 'the preparation of the database');
    await client.query('select pg_advisory_lock($1)', [ADVISORY_LOCK]);
    await client.query('create schema if not exists baton');
    await client.query(`create table if not exists baton.schema_version (
      component text not null, version int not null, name text not null, checksum text not null,
      applied_at timestamptz not null default clock_timestamp(), primary key (component, version))`);
    for (const set of sets) await takeOver(client, set);
    for (const set of sets) await migrateSet({ client, patienceMs }, set);
    for (const set of sets) await applyFunctions({ client, patienceMs }, set);
  } catch (thrown) {
    throw asDatabaseError(asRefusal(thrown), null);
  } finally {
    await client.end().catch(() => {
      // The lock goes with the connection, however it ends.
    });
  }
}

interface Applying {
  readonly client: Client;
  readonly patienceMs: number | undefined;
}

/** By the checksum: what was applied is the same text, whatever its name and number were. */
async function takeOver(client: Client, { component, directory, movedFrom }: MigrationSet): Promise<void> {
  if (movedFrom === undefined) return;
  for (const { version, name, checksum } of await readMigrations(directory)) {
    await client.query(
      `update baton.schema_version set component = $1, version = $2, name = $3 where component = $4 and checksum = $5`,
      [component, version, name, movedFrom, checksum],
    );
  }
}

async function migrateSet(at: Applying, { component, directory }: MigrationSet): Promise<void> {
  const migrations = await readMigrations(directory);
  const { rows } = await at.client.query<{ version: number; checksum: string }>(
    'select version, checksum from baton.schema_version where component = $1 order by version',
    [component],
  );
  const newest = migrations.at(-1)?.version ?? 0;
  const applied = rows.at(-1)?.version ?? 0;
  if (applied > newest) throw schemaNewer(component, applied, newest);
  for (const row of rows) {
    const migration = migrations[row.version - 1];
    if (migration?.checksum !== row.checksum) {
      throw new BatonError(`Migration ${row.version} of ${component} is not the one that was applied.`, {
        code: 'migration-changed',
        next: 'Merged migrations are frozen: restore the file and write a new one.',
      });
    }
  }
  for (const migration of migrations.slice(applied)) await apply(at, component, migration);
}

/** Puts in place what is not as this program has it; a newer definition is another program's, and stays. */
async function applyFunctions(at: Applying, set: MigrationSet): Promise<void> {
  for (const wanted of await readFunctions(set)) {
    const { component, version, checksum } = wanted;
    const { rows } = await at.client.query<{ version: number; checksum: string }>(
      'select version, checksum from baton.schema_version where component = $1 order by version desc limit 1',
      [component],
    );
    const [found] = rows;
    if (found !== undefined && found.version > version) throw schemaNewer(component, found.version, version);
    if (found?.version !== version || found.checksum !== checksum) await apply(at, component, wanted);
  }
}

const apply = ({ client, patienceMs }: Applying, component: string, migration: Migration): Promise<void> =>
  changePatiently(client, { what: `${migration.name} of ${component}`, patienceMs }, async () => {
    await client.query(migration.sql);
    await client.query(
      `insert into baton.schema_version (component, version, name, checksum) values ($1, $2, $3, $4)
       on conflict (component, version) do update set checksum = excluded.checksum, applied_at = clock_timestamp()`,
      [component, migration.version, migration.name, migration.checksum],
    );
  });

async function refuseOldServer(client: Client): Promise<void> {
  const { rows } = await client.query<{ number: string; name: string }>(
    `select current_setting('server_version_num') as number, current_setting('server_version') as name`,
  );
  const [server] = rows;
  if (server !== undefined && Number(server.number) >= OLDEST_POSTGRES) return;
  throw new BatonError(`The database is PostgreSQL ${server?.name ?? 'of unknown version'}; Baton needs 15 or newer.`, {
    code: 'database-too-old',
    next: 'Point DATABASE_URL at a newer server, or unset it to use the embedded one.',
  });
}

function unreachable(url: string, cause: unknown): Error {
  const error = cause instanceof Error ? cause : new Error(String(cause));
  const reason = isConnectionLoss(error) ? 'cannot be reached' : 'refused the connection';
  return new BatonError(`The database at ${databaseAt(url)} ${reason}: ${error.message || 'connection refused'}.`, {
    code: 'database-unreachable',
    next: 'Check that it is running and that DATABASE_URL names the right host, port, user and password.',
    cause,
  });
}
