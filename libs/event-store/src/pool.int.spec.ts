import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { assertSchema } from './assert-schema.js';
import { migrate } from './migrate.js';
import { createPool, type StoreRole } from './pool.js';
import { logHead } from './streams.js';
import { createTestDatabase, type TestDatabase } from './testing/database.js';

let database: TestDatabase;
let owner: Pool;
beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'));
  owner = createPool(database.url, { role: 'owner', applicationName: 'pool-test-owner' });
});
afterAll(async () => {
  await owner?.end();
  await database?.drop();
});

async function withPool<T>(role: StoreRole, work: (pool: Pool) => Promise<T>, url = database.url): Promise<T> {
  const pool = createPool(url, { role, applicationName: 'pool-test', max: 1 });
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}

const roleOf = async (pool: Pool): Promise<unknown> => (await pool.query('select current_user as role')).rows[0]?.role;

/** Ends every connection of the pools under test, as a restart of the server does. */
const breakConnections = () =>
  owner.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'pool-test'`);

test.each(['hub', 'gateway', 'worker'] as const)('connections of the %s work under its role and name', async (role) => {
  await withPool(role, async (pool) => {
    const { rows } = await pool.query(
      `select current_user as role, current_setting('application_name') as name, current_setting('statement_timeout') as timeout`,
    );
    expect(rows).toEqual([{ role: `baton_${role}`, name: 'pool-test', timeout: '30s' }]);
  });
});

test('options in the URL do not give the rights of the owner', async () => {
  const url = `${database.url}?options=${encodeURIComponent('-c work_mem=5MB')}`;
  await withPool('hub', async (pool) => expect(await roleOf(pool)).toBe('baton_hub'), url);
});

describe('a broken connection', () => {
  test('is replaced by one with the same role', async () => {
    await withPool('hub', async (pool) => {
      await roleOf(pool);
      const broken = new Promise((resolve) => pool.once('error', resolve));
      await breakConnections();
      await broken;
      expect(await roleOf(pool)).toBe('baton_hub');
    });
  });

  test('does not end the process while somebody holds it', async () => {
    await withPool('hub', async (pool) => {
      const client = await pool.connect();
      const ended = new Promise((resolve) => client.once('end', resolve));
      await breakConnections();
      await ended;
      await expect(client.query('select 1')).rejects.toThrow();
      client.release(true);
      expect(await logHead(pool)).toBe(0);
    });
  });
});

describe('a database that does not let us in', () => {
  test.each([
    ['does not answer', { port: '1' }, '127.0.0.1:1/'],
    ['does not exist', { pathname: '/no_such_database' }, '/no_such_database'],
    ['does not know the password', { password: 'not-this-one' }, 'refused'],
  ])('and %s is named with its place, the next step and no password', async (_, change, says) => {
    const url = Object.assign(new URL(database.url), change).href;
    const failure = await withPool('hub', (pool) => logHead(pool).catch((error: unknown) => error), url);
    expect(failure).toMatchObject({
      code: 'database-unreachable',
      message: expect.stringContaining(says),
      next: expect.stringContaining('DATABASE_URL'),
    });
    expect(String(failure)).not.toContain(new URL(url).password);
  });
});

test.each(['hub', 'owner'] as const)(
  'a database without the schema is called older under the role %s',
  async (role) => {
    const empty = await createTestDatabase(inject('postgresUrl'), []);
    try {
      await withPool('owner', (pool) => pool.query('drop schema baton cascade'), empty.url);
      await expect(withPool(role, (pool) => assertSchema(pool), empty.url)).rejects.toMatchObject({
        code: 'schema-older',
        next: expect.stringContaining('baton up'),
      });
    } finally {
      await empty.drop();
    }
  },
);

test('a user who may not work under the roles is told what to ask for', async () => {
  const user = `outsider_${database.url.slice(-12)}`;
  await owner.query(`create role ${user} login password 'outside'`);
  try {
    const url = Object.assign(new URL(database.url), { username: user, password: 'outside' }).href;
    await expect(withPool('hub', (pool) => logHead(pool), url)).rejects.toMatchObject({
      code: 'database-forbidden',
      next: expect.stringContaining('baton_hub'),
    });
    await expect(migrate(url)).rejects.toMatchObject({ code: 'database-forbidden' });
  } finally {
    await owner.query(`drop role ${user}`);
  }
});
