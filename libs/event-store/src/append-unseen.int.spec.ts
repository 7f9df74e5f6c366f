import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { appendBatch } from './append.js';
import { acceptRequest, findRequest, pendingRequests } from './inbox.js';
import type { Lane } from './lanes.js';
import { createPool } from './pool.js';
import { logHead } from './streams.js';
import { createTestDatabase, type TestDatabase } from './testing/database.js';
import { aLane, anItem } from './testing/store.js';

let database: TestDatabase;
let pool: Pool;
let gateway: Pool;
let owner: Pool;
let lane: Lane;
beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'));
  const open = (role: 'hub' | 'gateway' | 'owner') =>
    createPool(database.url, { role, applicationName: 'unseen-test', max: 1 });
  [pool, gateway, owner] = [open('hub'), open('gateway'), open('owner')];
  // As the migration of the workflows makes it, which is not one of the store.
  await owner.query('create table baton.workflow_change (number bigint not null)');
  await owner.query('insert into baton.workflow_change values (7)');
  await owner.query('grant select on baton.workflow_change to baton_hub');
  lane = await aLane(pool);
});
afterAll(async () => {
  await Promise.all([pool?.end(), gateway?.end(), owner?.end()]);
  await database?.drop();
});

const unseen = (requestId: string, change = 7) =>
  anItem(randomUUID(), { requests: [requestId], unseen: [{ requestId, change }] });
const mustLookUp = (index: number, key: string) => ({ index, reason: 'must-look-up', key });

test('a request that was not looked up is written where there was nothing to be seen', async () => {
  const requestId = randomUUID();
  expect(await appendBatch(pool, lane, 0, [unseen(requestId)])).toMatchObject({ ok: true });
  expect(await findRequest(pool, requestId)).not.toBeNull();
});

test('one that the gateway accepted, or that was read by former workflows, is not, nor is anything with it', async () => {
  const accepted = `half a pair \ud800 ${randomUUID()}`;
  await acceptRequest(gateway, { requestId: accepted.toWellFormed(), name: 'submit', message: { n: 1 } });
  const other = randomUUID();
  const [waiting, head] = [await pendingRequests(pool, { limit: 9 }), await logHead(pool)];
  const plain = anItem(randomUUID(), { requests: [randomUUID()] });

  expect(await appendBatch(pool, lane, 0, [plain, unseen(accepted), unseen(other)])).toEqual({
    ok: false,
    conflicts: [mustLookUp(1, accepted), mustLookUp(2, other)],
  });
  for (const change of [6, 8])
    expect(await appendBatch(pool, lane, 0, [unseen(other, change)])).toEqual({
      ok: false,
      conflicts: [mustLookUp(0, other)],
    });
  expect(await logHead(pool)).toBe(head);
  expect(await pendingRequests(pool, { limit: 9 })).toEqual(waiting);
  expect(await appendBatch(pool, lane, 0, [plain])).toMatchObject({ ok: true });
});

test('other conflicts are named as ever', async () => {
  const requestId = randomUUID();
  const item = unseen(requestId);
  await appendBatch(pool, lane, 0, [item]);
  expect(await appendBatch(pool, lane, 0, [{ ...item, runId: randomUUID() }])).toEqual({
    ok: false,
    conflicts: [{ index: 0, reason: 'request-seen', key: requestId }],
  });
});

test('documents are stored with it', async () => {
  const text = '{"a":1}';
  const sha256 = '015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862';
  const [requestId, accepted] = [randomUUID(), randomUUID()];
  await acceptRequest(gateway, { requestId: accepted, name: 'submit', message: {} });
  const withDocument = (id: string) => {
    const item = unseen(id);
    return { ...item, events: item.events.map((event) => ({ ...event, document: { sha256, text } })) };
  };
  const stored = async () => (await owner.query('select 1 from baton.document')).rowCount;
  expect(await appendBatch(pool, lane, 0, [withDocument(accepted)])).toMatchObject({ ok: false });
  expect(await stored()).toBe(0);
  expect(await appendBatch(pool, lane, 0, [withDocument(requestId)])).toMatchObject({ ok: true });
  expect(await stored()).toBe(1);
});
