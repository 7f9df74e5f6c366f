import { Client } from 'pg';
import { expect, inject, onTestFinished, test } from 'vitest';
import { assertSchema } from '../assert-schema.js';
import { createPool } from '../pool.js';
import { eventStoreMigrations } from '../schema-files.js';
import { createTestDatabase } from './database.js';

async function opened(...more: Parameters<typeof createTestDatabase> extends [string, ...infer Rest] ? Rest : never) {
  const database = await createTestDatabase(inject('postgresUrl'), ...more);
  const pool = createPool(database.url, { role: 'owner', max: 1, applicationName: 'test-databases' });
  onTestFinished(async () => {
    await pool.end();
    await database.drop();
  });
  return pool;
}

test('a test database says who is still connected when it is dropped, and is dropped', async () => {
  const database = await createTestDatabase(inject('postgresUrl'));
  const forgotten = new Client({ connectionString: database.url, application_name: 'forgotten' });
  forgotten.on('error', () => {
    // Its database goes.
  });
  await forgotten.connect();
  await expect(database.drop()).rejects.toThrow('still connected to a database that is dropped: forgotten');
  await expect(new Client({ connectionString: database.url }).connect()).rejects.toThrow('does not exist');
});

test('databases of the same migrations are made of one, at once, and share neither the name of their log nor their key', async () => {
  const pools = await Promise.all([opened(), opened(), opened()]);
  const ownOf = await Promise.all(
    pools.map(async (pool) => {
      await assertSchema(pool);
      const { rows } = await pool.query<{ id: string; key: string }>(
        `select id, encode(key, 'hex') as key from baton.log_name, baton.queue_key`,
      );
      return rows[0];
    }),
  );
  expect(new Set(ownOf.map((own) => own?.id)).size).toBe(3);
  expect(new Set(ownOf.map((own) => own?.key)).size).toBe(3);
});

test('a test database holds what was asked for, and nothing that others asked for or wrote', async () => {
  const note = { name: 'a-note', prepare: (url: string) => written(url, 'create table note (text text)') };
  const isThere = async (pool: Awaited<ReturnType<typeof opened>>) =>
    (await pool.query(`select to_regclass('note') is not null as there`)).rows[0].there;
  const first = await opened([eventStoreMigrations], [note]);
  await first.query(`insert into note values ('of the first')`);
  const second = await opened([eventStoreMigrations], [note]);
  expect((await second.query('select from note')).rowCount).toBe(0);
  expect(await isThere(await opened())).toBe(false);
  expect(await isThere(await opened([]))).toBe(false);
});

async function written(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(statement);
  await client.end();
}
