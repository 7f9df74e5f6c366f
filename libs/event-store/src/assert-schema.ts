import { BatonError } from '@baton/contracts';
import type { Pool } from 'pg';
import { query } from './pool.js';
import { eventStoreMigrations, type MigrationSet, readFunctions, readMigrations } from './schema-files.js';

/** No such table, schema or role. */
const NEVER_MIGRATED = new Set(['42P01', '3F000', '22023']);

/** @throws BatonError `schema-newer` or `schema-older`, when the database does not fit this program */
export async function assertSchema(pool: Pool, sets: readonly MigrationSet[] = [eventStoreMigrations]): Promise<void> {
  for (const set of sets) {
    for (const { component, version, checksum } of await readParts(set)) {
      const [row] = await query<{ version: number; checksum: string }>(
        pool,
        'schema-version',
        'select version, checksum from baton.schema_version where component = $1 order by version desc limit 1',
        [component],
      ).catch((error: unknown) => {
        if (error instanceof Error && 'code' in error && NEVER_MIGRATED.has(String(error.code))) return [];
        throw error;
      });
      const found = row?.version ?? 0;
      if (found > version) throw schemaNewer(component, found, version);
      if (found < version) throw schemaOlder(component, `at version ${found}; this program needs ${version}`);
      if (checksum !== null && row?.checksum !== checksum) {
        throw schemaOlder(component, `another version ${version} than that of this program`);
      }
    }
  }
}

interface Part {
  readonly component: string;
  /** The newest one that this program has. */
  readonly version: number;
  /** Null where the version says it all: migrations are frozen. */
  readonly checksum: string | null;
}

/** What has a version of its own: the migrations of a set, and each of its functions. */
async function readParts(set: MigrationSet): Promise<readonly Part[]> {
  const version = (await readMigrations(set.directory)).at(-1)?.version ?? 0;
  return [{ component: set.component, version, checksum: null }, ...(await readFunctions(set))];
}

const schemaOlder = (component: string, how: string): BatonError =>
  new BatonError(`The ${component} schema is ${how}.`, {
    code: 'schema-older',
    next: 'Run the migrations first: `baton up` does, or `node apps/orchestrator/dist/main.js migrate`.',
  });

export const schemaNewer = (component: string, found: number, known: number): BatonError =>
  new BatonError(`The ${component} schema is at version ${found}; this program knows versions up to ${known}.`, {
    code: 'schema-newer',
    next: 'Start the newer version of Baton that made it, or use another database.',
  });
