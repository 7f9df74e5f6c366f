import { sql } from 'kysely';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { database } from './database.js';
import { inTransaction } from './in-transaction.js';
import { createPool } from './pool.js';
import type { Tables } from './tables.js';
import { createTestDatabase, type TestDatabase } from './testing/database.js';

let server: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  server = await createTestDatabase(inject('postgresUrl'));
  pool = createPool(server.url, { role: 'owner', max: 1, applicationName: 'database-test' });
});
afterAll(async () => {
  await pool?.end();
  await server?.drop();
});

const insert = (requestId: string) =>
  database<Tables>(pool).insertInto('inbox').values({ request_id: requestId, name: 'submit', message: '{ "a":1}' });
const inboxIds = async (): Promise<readonly string[]> =>
  (await database<Tables>(pool).selectFrom('inbox').select('request_id').execute()).map((row) => row.request_id);

test('a query reads json as the text that was written, bigint as a number, and tells how many rows it changed', async () => {
  expect((await insert('typed').executeTakeFirst()).numInsertedOrUpdatedRows).toBe(1n);
  const row = await database<Tables>(pool).selectFrom('inbox').select('message').executeTakeFirst();
  expect(row).toEqual({ message: '{ "a":1}' });
  expect(await database<Tables>(pool).selectFrom('log').select('head').execute()).toEqual([{ head: 0 }]);
  const removed = await database<Tables>(pool).deleteFrom('inbox').where('request_id', '=', 'typed').executeTakeFirst();
  expect(removed.numDeletedRows).toBe(1n);
});

test('only a query with a name is prepared', async () => {
  const prepared = async () => {
    const { rows } = await pool.query<{ name: string }>('select name from pg_prepared_statements order by name');
    return rows.map(({ name }) => name);
  };
  const look = (name?: string) => database<Tables>(pool, name).selectFrom('lane').select('lane').limit(1).execute();
  await look();
  expect(await prepared()).toEqual([]);
  await look('a-lane');
  expect(await look('a-lane')).toEqual(await look());
  expect(await prepared()).toEqual(['a-lane']);
});

test('the settings of the pool hold: role, and time that a statement may take', async () => {
  const hub = createPool(server.url, { role: 'hub', max: 1, applicationName: 'database-test' });
  const asks = sql<{ role: string; timeout: string }>`
    select current_user as role, current_setting('statement_timeout') as timeout`;
  try {
    const { rows } = await asks.execute(database<Tables>(hub));
    expect(rows).toEqual([{ role: 'baton_hub', timeout: '30s' }]);
  } finally {
    await hub.end();
  }
});

describe('a failure is named', () => {
  test.each(['a query', 'a transaction'])('when the database of %s is away', async (what) => {
    const url = Object.assign(new URL(server.url), { port: '1' }).href;
    const away = createPool(url, { role: 'hub', max: 1, applicationName: 'database-test' });
    const asked =
      what === 'a query'
        ? database<Tables>(away).selectFrom('log').select('head').execute()
        : inTransaction(away, async () => {});
    await expect(asked).rejects.toMatchObject({ code: 'database-unreachable', retryAfterMs: 1_000 });
    await away.end();
  });

  test('when a value cannot be stored', async () => {
    await expect(insert('nul\u0000').execute()).rejects.toMatchObject({ code: 'not-storable' });
  });
});

describe('in a transaction', () => {
  test('queries count together or not at all', async () => {
    const failed = inTransaction(pool, async (client) => {
      await database<Tables>(client)
        .insertInto('inbox')
        .values({ request_id: 'a', name: 'x', message: '{}' })
        .execute();
      throw new Error('enough');
    });
    await expect(failed).rejects.toThrow('enough');
    expect(await inboxIds()).toEqual([]);
    await inTransaction(pool, async (client) => {
      const both = ['a', 'b'].map((request_id) => ({ request_id, name: 'x', message: '{}' }));
      await database<Tables>(client).insertInto('inbox').values(both).execute();
    });
    expect(await inboxIds()).toEqual(['a', 'b']);
  });

  test('those of kysely are refused, since they would not be one', async () => {
    const refused = database<Tables>(pool)
      .transaction()
      .execute(async () => {});
    await expect(refused).rejects.toThrow('inTransaction');
  });
});
