import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { BatonError } from '@baton/contracts';
import { Client, type Pool } from 'pg';
import { asDatabaseError, asRefusal, endpointOf, isConnectionLoss } from './database-errors.js';
import { query } from './pool.js';

/** A set of migrations with a numbering of its own: the event store, or a library that keeps tables beside it. */
export interface MigrationSet {
  readonly component: string;
  /** Folder of `NNNN_what_it_does.sql` files, numbered from 1 without gaps. Frozen once merged. */
  readonly directory: string;
}

export const eventStoreMigrations: MigrationSet = {
  component: 'event-store',
  directory: resolve(import.meta.dirname, '../migrations'),
};

interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

/** Any number, the same in every process: migrations of one database run one after the other. */
const ADVISORY_LOCK = 7_262_616_001;
const OLDEST_POSTGRES = 150_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** No such table, schema or role. */
const NEVER_MIGRATED = new Set(['42P01', '3F000', '22023']);

/**
 * Brings the schema to the version of this program; safe to run by many processes at once. Each migration is a
 * transaction of its own.
 *
 * @throws BatonError `database-unreachable`, `database-too-old`, `database-forbidden`, `schema-newer`, `migration-changed`
 */
export async function migrate(url: string, sets: readonly MigrationSet[] = [eventStoreMigrations]): Promise<void> {
  const client = new Client({
    connectionString: url,
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
    await client.query('select pg_advisory_lock($1)', [ADVISORY_LOCK]);
    await client.query('create schema if not exists baton');
    await client.query(`create table if not exists baton.schema_version (
      component text not null, version int not null, name text not null, checksum text not null,
      applied_at timestamptz not null default clock_timestamp(), primary key (component, version))`);
    for (const set of sets) await migrateSet(client, set);
  } catch (thrown) {
    throw asDatabaseError(asRefusal(thrown), null);
  } finally {
    await client.end().catch(() => {
      // The lock goes with the connection, however it ends.
    });
  }
}

/** @throws BatonError `schema-newer` or `schema-older`, when the database does not fit this program */
export async function assertSchema(pool: Pool, sets: readonly MigrationSet[] = [eventStoreMigrations]): Promise<void> {
  for (const { component, directory } of sets) {
    const newest = (await readMigrations(directory)).at(-1)?.version ?? 0;
    const [row] = await query<{ version: number }>(
      pool,
      'schema-version',
      `select coalesce(max(version), 0)::int as version from baton.schema_version where component = $1`,
      [component],
    ).catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && NEVER_MIGRATED.has(String(error.code))) return [];
      throw error;
    });
    const version = row?.version ?? 0;
    if (version > newest) throw schemaNewer(component, version, newest);
    if (version < newest) {
      throw new BatonError(`The ${component} schema is at version ${version}; this program needs ${newest}.`, {
        code: 'schema-older',
        next: 'Run the migrations first: `baton up` does, or `node apps/orchestrator/dist/main.js migrate`.',
      });
    }
  }
}

async function migrateSet(client: Client, { component, directory }: MigrationSet): Promise<void> {
  const migrations = await readMigrations(directory);
  const { rows } = await client.query<{ version: number; checksum: string }>(
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
  for (const migration of migrations.slice(applied)) await apply(client, component, migration);
}

async function apply(client: Client, component: string, migration: Migration): Promise<void> {
  await client.query('begin');
  try {
    await client.query(migration.sql);
    await client.query(
      'insert into baton.schema_version (component, version, name, checksum) values ($1, $2, $3, $4)',
      [component, migration.version, migration.name, migration.checksum],
    );
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => {
      // The connection is gone, and the transaction with it.
    });
    throw error;
  }
}

async function readMigrations(directory: string): Promise<readonly Migration[]> {
  const files = (await readdir(directory)).filter((file) => /^\d{4}_.+\.sql$/.test(file)).toSorted();
  return Promise.all(
    files.map(async (file, index) => {
      const version = Number(file.slice(0, 4));
      if (version !== index + 1) throw new Error(`migration ${file} in ${directory} does not continue the numbering`);
      const sql = await readFile(join(directory, file), 'utf8');
      return { version, name: file, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

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

const schemaNewer = (component: string, found: number, known: number): BatonError =>
  new BatonError(`The ${component} schema is at version ${found}; this program knows versions up to ${known}.`, {
    code: 'schema-newer',
    next: 'Start the newer version of Baton that made it, or use another database.',
  });

function unreachable(url: string, cause: unknown): Error {
  const error = cause instanceof Error ? cause : new Error(String(cause));
  const reason = isConnectionLoss(error) ? 'cannot be reached' : 'refused the connection';
  return new BatonError(`The database at ${endpointOf(url)} ${reason}: ${error.message || 'connection refused'}.`, {
    code: 'database-unreachable',
    next: 'Check that it is running and that DATABASE_URL names the right host, port, user and password.',
    cause,
  });
}
