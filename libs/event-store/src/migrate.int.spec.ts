import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { appendBatch } from './append.js';
import { assertSchema } from './assert-schema.js';
import { migrate } from './migrate.js';
import { createPool } from './pool.js';
import { eventStoreMigrations, type MigrationSet } from './schema-files.js';
import { createTestDatabase, type TestDatabase } from './testing/database.js';
import { aLane, anItem } from './testing/store.js';

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
  const known = (await readdir(copy)).length;
  const next = `${String(known + 1).padStart(4, '0')}_from_the_future.sql`;
  await writeFile(join(copy, next), 'create table baton.future ()');
  await migrate(database.url, [{ component: 'event-store', directory: copy }]);
  await expect(migrate(database.url)).rejects.toMatchObject({
    code: 'schema-newer',
    message: expect.stringMatching(new RegExp(`${known + 1}.*${known}`)),
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

describe('while others are at work', () => {
  let busy: TestDatabase;
  let folder: string;
  let owner: Pool;
  beforeEach(async () => {
    busy = await createTestDatabase(inject('postgresUrl'), [eventStoreMigrations]);
    folder = await mkdtemp(join(tmpdir(), 'migrations-'));
    owner = createPool(busy.url, { role: 'owner', max: 4, applicationName: 'migrate-test' });
    await writeFile(
      join(folder, '0001_both.sql'),
      'alter table baton.inbox add column more int; alter table baton.command add column more int;',
    );
  });
  afterEach(async () => {
    await owner.end();
    await busy.drop();
    await rm(folder, { recursive: true });
  });
  const migrateBoth = (options = {}) => migrate(busy.url, [{ component: 'both', directory: folder }], options);
  const isHeldUp = async () => {
    const sql = `select from pg_stat_activity where application_name = 'baton-migrate' and wait_event_type = 'Lock'
                    and datname = current_database()`;
    return (await owner.query(sql)).rowCount === 1;
  };

  test('a migration that gets into a deadlock with them is tried again', async () => {
    const other = await owner.connect();
    await other.query(`begin; set local deadlock_timeout = '1min'; lock table baton.command in access share mode`);
    const migrating = migrateBoth();
    await expect.poll(isHeldUp).toBe(true);
    // It is there as soon as the migration was thrown out, and has begun nothing again.
    await other.query('select from baton.inbox');
    await other.query('commit');
    other.release();
    await migrating;
    await owner.query('select more from baton.inbox');
  });

  test('one that waits for somebody lets others past, and ends with a sentence where that takes too long', async () => {
    const other = await owner.connect();
    await other.query('begin; lock table baton.inbox in access share mode');
    const refused = expect(migrateBoth({ patienceMs: 0 })).rejects.toMatchObject({ code: 'migration-held-up' });
    await expect.poll(isHeldUp).toBe(true);
    // Without a bound to its wait this would stand behind it for as long as the other transaction lasts.
    await owner.query('select from baton.inbox');
    await refused;
    await other.query('commit');
    other.release();
    await migrateBoth();
    await owner.query('select more from baton.inbox');
  });
});

test('a database that is not there is named without its password', async () => {
  const refused = migrate('postgres://someone:secret-word@127.0.0.1:1/nowhere');
  await expect(refused).rejects.toMatchObject({
    code: 'database-unreachable',
    message: expect.stringContaining('127.0.0.1:1/nowhere'),
  });
  await expect(refused).rejects.not.toThrow('secret-word');
});

describe('the functions', () => {
  const SET = { component: 'event-store', directory: eventStoreMigrations.directory };
  let fresh: TestDatabase;
  let owner: Pool;
  let functions: string;
  let edited: MigrationSet;
  beforeEach(async () => {
    fresh = await createTestDatabase(inject('postgresUrl'), []);
    owner = createPool(fresh.url, { role: 'owner', applicationName: 'migrate-test' });
    functions = await mkdtemp(join(tmpdir(), 'functions-'));
    await cp(eventStoreMigrations.functions ?? '', functions, { recursive: true });
    edited = { ...SET, functions };
  });
  afterEach(async () => {
    await owner.end();
    await fresh.drop();
    await rm(functions, { recursive: true });
  });

  /** Text, owner and rights of every function, as the database has them. */
  const definitions = async (): Promise<readonly { readonly proname: string; readonly text: string }[]> => {
    const { rows } = await owner.query<{ proname: string; text: string }>(
      `select p.proname, pg_get_functiondef(p.oid) as text, p.proowner, p.proacl::text from pg_proc p
        where p.pronamespace = 'baton'::regnamespace order by p.proname, text`,
    );
    return rows;
  };
  /** Of a file; 1 for a function that only the migrations make. */
  const versionOf = (name: string): number => {
    const file = join(functions, `${name}.sql`);
    return existsSync(file) ? Number(/^-- version: (\d+)/.exec(readFileSync(file, 'utf8'))?.[1]) : 1;
  };
  /** The same with a version of tomorrow. */
  const newer = (text: string): string => text.replace(/^-- version: \d+/, '-- version: 1000');
  const edit = (to: (text: string) => string) => rewrite(join(functions, 'append_batch.sql'), to);
  const textOf = async (): Promise<string> => JSON.stringify(await definitions());

  test('are the same in a fresh database and in one that an older program made', async () => {
    await migrate(fresh.url, [SET]);
    const old = await definitions();
    await migrate(fresh.url);
    const brought = await definitions();
    const other = await createTestDatabase(inject('postgresUrl'));
    const pool = owner;
    owner = createPool(other.url, { role: 'owner', applicationName: 'migrate-test' });
    try {
      expect(await definitions()).toEqual(brought);
    } finally {
      await owner.end();
      owner = pool;
      await other.drop();
    }
    // The first version of a function that the migrations made says what they said last.
    const unchanged = old.filter(({ proname }) => versionOf(proname) === 1);
    expect(unchanged.length).toBeGreaterThan(20);
    expect(brought).toEqual(expect.arrayContaining([...unchanged]));
  });

  test('are applied again when their text changes, and keep owner and rights', async () => {
    await migrate(fresh.url);
    await edit((text) => text.replace('v_conflicts int := 0;', 'v_conflicts int := 0; -- edited'));
    const pool = createPool(fresh.url, { role: 'hub', applicationName: 'migrate-test' });
    await expect(assertSchema(pool, [edited])).rejects.toMatchObject({ code: 'schema-older' });
    await Promise.all([migrate(fresh.url, [edited]), migrate(fresh.url, [edited])]);
    await assertSchema(pool, [edited]);
    expect(await textOf()).toContain('-- edited');
    const lane = await aLane(pool);
    expect(await appendBatch(pool, lane, 0, [anItem(randomUUID())])).toMatchObject({ ok: true });
    await pool.end();
  });

  test('of a newer program are not put back by an older one, which is refused', async () => {
    await edit((text) => newer(text).replace('v_conflicts int', '/* newer */ v_conflicts int'));
    await migrate(fresh.url, [edited]);
    await expect(migrate(fresh.url)).rejects.toMatchObject({
      code: 'schema-newer',
      message: expect.stringMatching(/append_batch.*1000.*\d/),
    });
    await expect(assertSchema(owner)).rejects.toMatchObject({ code: 'schema-newer' });
    expect(await textOf()).toContain('/* newer */');
  });

  test('that cannot be made leave the former ones as they are', async () => {
    await migrate(fresh.url);
    const before = await definitions();
    await edit(
      (text) => `${newer(text).replace('v_conflicts int', '/* bad */ v_conflicts int')}select no_such_function();`,
    );
    await expect(migrate(fresh.url, [edited])).rejects.toThrow('no_such_function');
    expect(await definitions()).toEqual(before);
    await assertSchema(owner);
  });

  test('without a version are refused', async () => {
    await edit((text) => text.replace(/^-- version: \d+/, '-- versions'));
    await expect(migrate(fresh.url, [edited])).rejects.toThrow('append_batch.sql');
  });
});

const rewrite = async (file: string, to: (text: string) => string): Promise<void> =>
  writeFile(file, to(await readFile(file, 'utf8')));
