import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createPool } from '@baton/event-store';
import { createTestDatabase, type TestDatabase } from '@baton/event-store/testing';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { migrateInOrder, OWNERS } from './database/migrated.js';
import { schemaTexts } from './database/schema-sql.js';
import { readTables, tableTypes } from './database/table-types.js';

const root = join(import.meta.dirname, '..');
/** `npm run db:types` writes the files instead of comparing them. */
const isWriting = process.env.BATON_WRITE_DB_TYPES === 'yes';

let database: TestDatabase;
let pool: Pool;
/** By their path below the root. */
const generated = new Map<string, string>();

beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'), []);
  pool = createPool(database.url, { role: 'owner', max: 1, applicationName: 'database-test' });
  const owned = await migrateInOrder(pool, database.url);
  const tables = await readTables(database.url);
  for (const each of owned) generated.set(`${each.owner.folder}/src/tables.ts`, tableTypes(tables, each));
  for (const [folder, text] of await schemaTexts(pool, owned)) generated.set(`${folder}/schema.sql`, text);
});
afterAll(async () => {
  await pool?.end();
  await database?.drop();
});

describe('what is generated from the migrated database', () => {
  test.each(OWNERS.flatMap(({ folder }) => [`${folder}/src/tables.ts`, `${folder}/schema.sql`]))(
    '%s is what the migrations make',
    async (path) => {
      const file = join(root, path);
      const text = generated.get(path) ?? '';
      if (isWriting) await writeFile(file, text);
      const committed = await readFile(file, 'utf8').catch(() => '');
      expect(committed, `${path} is not what the migrations make: run \`npm run db:types\``).toBe(text);
    },
  );
});
