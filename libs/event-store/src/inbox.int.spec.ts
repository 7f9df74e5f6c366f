import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { acceptedBeginning, acceptedRequest, acceptRequest, isRunAccepted, pendingRequests } from './inbox.js';
import { createPool } from './pool.js';
import { eventStoreMigrations } from './schema-files.js';
import { createTestDatabase, type TestDatabase } from './testing/database.js';
import { planOf } from './testing/plan.js';

let database: TestDatabase;
let gateway: Pool;
let owner: Pool;
beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'));
  gateway = createPool(database.url, { role: 'gateway', applicationName: 'inbox-test' });
  owner = createPool(database.url, { role: 'owner', max: 1, applicationName: 'inbox-test' });
});
afterAll(async () => {
  await gateway?.end();
  await owner?.end();
  await database?.drop();
});

const submitted = randomUUID();
const forked = randomUUID();

test('a run that a submission or a fork is to begin is found, whatever the messages of others hold', async () => {
  const about = randomUUID();
  await acceptRequest(gateway, {
    requestId: 's',
    name: 'submit',
    message: { runId: submitted, input: { a: '\u0000' } },
  });
  await acceptRequest(gateway, { requestId: 'f', name: 'fork', message: { runId: about, forkId: forked } });
  await acceptRequest(gateway, { requestId: 'c', name: 'cancel', message: { runId: about } });
  await acceptRequest(gateway, { requestId: 'x', name: 'submit', message: { runId: 'no-uuid', input: '\ud800' } });
  for (const [runId, isAccepted] of [
    [submitted, true],
    [forked, true],
    [about, false],
  ] as const)
    expect(await isRunAccepted(gateway, runId)).toBe(isAccepted);
});

test('the trace of a request stands beside its message, and is read with it', async () => {
  const [runId, traceparent] = [randomUUID(), '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'];
  const request = { requestId: 'traced', name: 'submit', message: { runId } };
  await acceptRequest(gateway, { ...request, traceparent });
  const { rows } = await owner.query(`select message from baton.inbox where request_id = 'traced'`);
  expect(rows.map(({ message }) => JSON.parse(message))).toEqual([{ runId }]);
  const message = { runId, traceparent };
  expect(await acceptRequest(gateway, request)).toEqual({ status: 'already-accepted', message });
  expect(await acceptedRequest(gateway, 'traced')).toMatchObject({ message });
  expect(await acceptedBeginning(gateway, runId)).toMatchObject({ message });
  expect((await pendingRequests(gateway, { limit: 9 })).map((each) => each.message)).toContainEqual(message);
  await owner.query(`delete from baton.inbox where request_id = 'traced'`);
});

// Before an index is made anew over rows that were just updated: such a one is not used as long as any transaction of the server
// is older than it.
test('it is one look into an index, however many wait', async () => {
  await owner.query(
    `insert into baton.inbox (request_id, name, message, begins)
     select 'many-' || n, 'submit', json_build_object('runId', gen_random_uuid()), gen_random_uuid()
       from generate_series(1, 20000) n`,
  );
  await owner.query('analyze baton.inbox');
  const plan = await planOf(gateway, (pool) => isRunAccepted(pool, submitted));
  expect(plan).toContain('inbox_begins');
  expect(plan).not.toContain('Seq Scan');
  await owner.query(`delete from baton.inbox where request_id like 'many-%'`);
});

test('an inbox of an older program tells as much', async () => {
  await owner.query(
    'drop index baton.inbox_begins, baton.inbox_newest, baton.dead_letter_run, baton.dead_letter_request, baton.command_approval',
  );
  await owner.query('alter table baton.inbox drop column begins');
  const sql = await readFile(join(eventStoreMigrations.directory, '0005_looks_by_an_index.sql'), 'utf8');
  await owner.query(sql);
  const { rows } = await owner.query('select request_id, begins from baton.inbox order by request_id');
  expect(rows).toEqual([
    { request_id: 'c', begins: null },
    { request_id: 'f', begins: forked },
    { request_id: 's', begins: submitted },
    { request_id: 'x', begins: null },
  ]);
});
