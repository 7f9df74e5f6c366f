import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Messaging, openMessaging } from '../messaging.js';
import { administer, backends, type TestServer } from '../testing/test-servers.js';
import { PASSING, TABLE_CHANGES } from './own/postgres-tables.js';
import { preparePostgres } from './postgres.js';

/** As a Baton without rungs made them. */
const formerOf = (kind: string, name: string): string => `
  drop table bullmq.${name};
  create ${kind} bullmq.${name} (
    id bigint generated always as identity primary key,
    queue text collate "C" not null,
    job_id text collate "C" not null,
    name text not null,
    data text not null,
    priority smallint not null default 0,
    due_at timestamptz not null default clock_timestamp(),
    holder uuid,
    deliveries integer not null default 0,
    failures integer not null default 0,
    stalls integer not null default 0,
    constraint ${name}_once unique (queue, job_id),
    constraint ${name}_urgency check (priority between 0 and 3))
    with (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 500);
  create index ${name}_next on bullmq.${name} (queue, priority, due_at, id);
  insert into bullmq.${name} (queue, job_id, name, data, priority) values ('worker-a', 'waits', 'task', '{}', 3);`;
const FORMER = { passing: formerOf('unlogged table', 'baton_passing'), lasting: formerOf('table', 'baton_lasting') };

const CONSTRAINTS = `select conname as name, convalidated as valid, pg_get_constraintdef(oid) as text from pg_constraint
  where conrelid in ('bullmq.baton_passing'::regclass, 'bullmq.baton_lasting'::regclass) and contype = 'c' order by conname`;
const PUT_BEHIND = `insert into ${PASSING} (queue, job_id, name, data, priority) values ('worker-a', 'behind', 'task', '{}', 15)`;

let server: TestServer;
let url: string;
beforeEach(async () => {
  const [postgres] = backends;
  if (postgres === undefined) throw new Error('no postgres');
  server = await postgres.open();
  url = server.config.url;
});
afterEach(async () => {
  await server?.drop();
});

test('tables of a Baton without rungs become the same as new ones, with what waits in them', async () => {
  const made = await administer(url, CONSTRAINTS);
  expect(made).toHaveLength(2);
  await administer(url, FORMER.passing + FORMER.lasting);
  await expect(administer(url, PUT_BEHIND)).rejects.toMatchObject({ constraint: 'baton_passing_urgency' });
  await preparePostgres(url);
  expect(await administer(url, CONSTRAINTS)).toEqual(made);
  await administer(url, PUT_BEHIND);
  const all = `select job_id from ${PASSING} union all select job_id from bullmq.baton_lasting`;
  const there = (await administer<{ job_id: string }>(url, all)).map((row) => row.job_id);
  expect(there.toSorted()).toEqual(['behind', 'waits', 'waits']);
});

test('what nobody would take is removed from tables that had no bound', async () => {
  const made = await administer(url, CONSTRAINTS);
  await administer(url, 'alter table bullmq.baton_passing drop constraint baton_passing_rung');
  await administer(url, PUT_BEHIND.replace('15', '16'));
  await preparePostgres(url);
  expect(await administer(url, CONSTRAINTS)).toEqual(made);
  expect(await administer(url, `select job_id from ${PASSING}`)).toEqual([]);
});

const open = (): Promise<Messaging> => openMessaging(server.config, { name: 'upgrade-test' });

test.each([
  { what: 'of which one is as before', sql: FORMER.lasting },
  {
    what: 'that an older Baton has prepared once more',
    sql: 'alter table bullmq.baton_passing add constraint baton_passing_urgency check (priority between 0 and 3)',
  },
])('tables $what are not used before they are prepared', async ({ sql }) => {
  await administer(url, sql);
  await expect(open()).rejects.toMatchObject({
    code: 'queues-not-prepared',
    next: expect.stringContaining('Run the migrations first'),
  });
  await preparePostgres(url);
  await (await open()).close();
});

describe('while others are at work', () => {
  let other: pg.Client;
  beforeEach(async () => {
    other = new pg.Client({ connectionString: url });
    await other.connect();
  });
  afterEach(async () => {
    await other?.end();
  });
  const isHeldUp = async (): Promise<boolean> => {
    const sql = `select from pg_stat_activity where application_name = 'baton-queues-prepare' and wait_event_type = 'Lock'
                    and datname = current_database()`;
    return (await administer(url, sql)).length === 1;
  };

  test('a change that waits for somebody lets others past, and is made when he is done', async () => {
    await administer(url, FORMER.passing);
    await other.query(`begin; lock table ${PASSING} in access share mode`);
    const prepared = preparePostgres(url);
    await expect.poll(isHeldUp, { timeout: 60_000 }).toBe(true);
    // Without a bound to its wait this would stand behind it for as long as the other transaction lasts.
    await administer(url, `select from ${PASSING}`);
    await other.query('commit');
    await prepared;
    await administer(url, PUT_BEHIND);
  });

  test('it ends with a sentence where that takes too long, and is made where it is asked for again', async () => {
    await administer(url, FORMER.passing);
    await other.query(`begin; lock table ${PASSING} in access share mode`);
    await expect(preparePostgres(url, 0)).rejects.toMatchObject({
      code: 'migration-held-up',
      message: expect.stringContaining(PASSING),
    });
    await other.query('commit');
    await preparePostgres(url, 0);
    await administer(url, PUT_BEHIND);
  });

  test('where nothing is to be changed nobody is waited for', async () => {
    await other.query(`begin; lock table ${PASSING}, bullmq.baton_lasting, bullmq.baton_done in row exclusive mode`);
    // Not by a preparation: logins that another test has just made are a change of their own.
    for (const { sql } of TABLE_CHANGES) await administer(url, `set lock_timeout = '1s'; ${sql}`);
    await other.query('commit');
  });
});
