import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { assertSchema, eventStoreMigrations, migrate } from './migrate.js';
import { createPool } from './pool.js';
import { createTestDatabase, type TestDatabase } from './testing/database.js';

let database: TestDatabase;
let copy: string;
beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'), []);
  copy = await mkdtemp(join(tmpdir(), 'migrations-'));
  await cp(eventStoreMigrations.directory, copy, { recursive: true });
});
afterAll(async () => {
  await database?.drop();
  await rm(copy, { recursive: true, force: true });
});

test('a database that was never migrated is called older', async () => {
  const pool = createPool(database.url, { role: 'owner', applicationName: 'migrate-test' });
  await expect(assertSchema(pool)).rejects.toMatchObject({ code: 'schema-older' });
  await pool.end();
});

test('many processes may migrate at once, and again', async () => {
  await Promise.all([1, 2, 3, 4].map(() => migrate(database.url)));
  await migrate(database.url);
  const pool = createPool(database.url, { role: 'gateway', applicationName: 'migrate-test' });
  await assertSchema(pool);
  await pool.end();
});

test('a schema from a newer program is refused, with both versions', async () => {
  await writeFile(join(copy, '0005_from_the_future.sql'), 'create table baton.future ()');
  await migrate(database.url, [{ component: 'event-store', directory: copy }]);
  await expect(migrate(database.url)).rejects.toMatchObject({
    code: 'schema-newer',
    message: expect.stringMatching(/5.*4/),
  });
  const pool = createPool(database.url, { role: 'hub', applicationName: 'migrate-test' });
  await expect(assertSchema(pool)).rejects.toMatchObject({ code: 'schema-newer' });
  await pool.end();
});

test('a merged migration that was changed is refused', async () => {
  await writeFile(join(copy, '0003_roles.sql'), 'select 1');
  await expect(migrate(database.url, [{ component: 'event-store', directory: copy }])).rejects.toMatchObject({
    code: 'migration-changed',
  });
});

test('a failing migration leaves nothing of itself behind', async () => {
  const fresh = await createTestDatabase(inject('postgresUrl'), []);
  const broken = await mkdtemp(join(tmpdir(), 'migrations-'));
  await writeFile(join(broken, '0001_broken.sql'), 'create table baton.half (); select no_such_function();');
  try {
    await expect(migrate(fresh.url, [{ component: 'broken', directory: broken }])).rejects.toThrow('no_such_function');
    const pool = createPool(fresh.url, { role: 'owner', applicationName: 'migrate-test' });
    const { rows } = await pool.query(`select to_regclass('baton.half') as half`);
    expect(rows).toEqual([{ half: null }]);
    await pool.end();
  } finally {
    await fresh.drop();
    await rm(broken, { recursive: true });
  }
});

test('a database that is not there is named without its password', async () => {
  const refused = migrate('postgres://someone:secret-word@127.0.0.1:1/nowhere');
  await expect(refused).rejects.toMatchObject({
    code: 'database-unreachable',
    message: expect.stringContaining('127.0.0.1:1/nowhere'),
  });
  await expect(refused).rejects.not.toThrow('secret-word');
});
