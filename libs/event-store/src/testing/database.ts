import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { migrate } from '../migrate.js';
import { eventStoreMigrations, type MigrationSet } from '../schema-files.js';

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** A fresh, migrated database on a running server, for one test file. `drop` also ends what is still connected. */
export async function createTestDatabase(
  postgresUrl: string,
  sets: readonly MigrationSet[] = [eventStoreMigrations],
): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await asAdmin(postgresUrl, `create database ${name}`);
  const url = new URL(postgresUrl);
  url.pathname = `/${name}`;
  await migrate(url.href, sets);
  return { url: url.href, drop: () => asAdmin(postgresUrl, `drop database if exists ${name} with (force)`) };
}

async function asAdmin(postgresUrl: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: postgresUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
