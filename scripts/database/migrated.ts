import { catalogMigrations } from '@baton/catalog';
import { eventStoreMigrations, type MigrationSet, migrate } from '@baton/event-store';
import { notificationsMigrations } from '@baton/notifications';
import { readModelMigrations } from '@baton/read-model';
import type { Pool } from 'pg';

/** A library that keeps tables, in the order in which migrations are applied. */
export interface Owner {
  /** Of the library, below the root. */
  readonly folder: string;
  readonly migrations: MigrationSet;
}

export const OWNERS: readonly Owner[] = [
  { folder: 'libs/event-store', migrations: eventStoreMigrations },
  { folder: 'libs/catalog', migrations: catalogMigrations },
  { folder: 'libs/read-model', migrations: readModelMigrations },
  { folder: 'libs/notifications', migrations: notificationsMigrations },
];

/** The names of the tables and functions that the migrations of an owner made. */
export interface Owned {
  readonly owner: Owner;
  readonly names: ReadonlySet<string>;
}

/** Migrates an empty database, one library after the other, and tells what each of them made. */
export async function migrateInOrder(pool: Pool, url: string): Promise<readonly Owned[]> {
  const owned: Owned[] = [];
  const known = new Set<string>();
  for (const owner of OWNERS) {
    await migrate(url, [owner.migrations]);
    const names = (await namesIn(pool)).filter((name) => !known.has(name));
    for (const name of names) known.add(name);
    owned.push({ owner, names: new Set(names) });
  }
  return owned;
}

/** Partitions are left out: each is made by the function that says what stands in it. */
async function namesIn(pool: Pool): Promise<readonly string[]> {
  const { rows } = await pool.query<{ name: string }>(
    `select relname as name from pg_class
      where relnamespace = 'baton'::regnamespace and relkind in ('r', 'p') and not relispartition
     union select proname from pg_proc where pronamespace = 'baton'::regnamespace`,
  );
  return rows.map(({ name }) => name);
}
