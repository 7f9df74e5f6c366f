import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { appendBatch } from './append.js';
import { acceptRequest } from './inbox.js';
import { setLimits } from './limits.js';
import { createPool } from './pool.js';
import { assertShard, readShard, setShard } from './shards.js';
import { createTestDatabase, type TestDatabase } from './testing/database.js';
import { aLane, anItem } from './testing/store.js';

let database: TestDatabase;
let owner: Pool;
let hub: Pool;
beforeEach(async () => {
  database = await createTestDatabase(inject('postgresUrl'));
  owner = createPool(database.url, { role: 'owner', applicationName: 'shards-owner', max: 1 });
  hub = createPool(database.url, { role: 'hub', applicationName: 'shards-hub', max: 1 });
});
afterEach(async () => {
  await owner.end();
  await hub.end();
  await database.drop();
});

const LIMITS = { runs: { atOnce: 1 } };

test('a log is the only one until its owner says that it is one of several, and then it is that for ever', async () => {
  expect(await readShard(hub)).toEqual({ number: 0, of: 1 });
  await setShard(owner, { number: 0, of: 1 });
  await setShard(owner, { number: 1, of: 2 });
  await setShard(owner, { number: 1, of: 2 });
  expect(await assertShard(hub, null)).toEqual({ number: 1, of: 2 });
  expect(await assertShard(hub, { number: 1, of: 2 })).toEqual({ number: 1, of: 2 });
  for (const other of [
    { number: 0, of: 2 },
    { number: 1, of: 3 },
    { number: 0, of: 1 },
  ]) {
    await expect(setShard(owner, other)).rejects.toMatchObject({ code: 'wrong-shard' });
    await expect(assertShard(hub, other)).rejects.toMatchObject({ code: 'wrong-shard' });
  }
  expect(await readShard(hub)).toEqual({ number: 1, of: 2 });
});

test('a log that has events, or a request that waits, stays the only one', async () => {
  const message = { requestId: 'r', workflow: 'w', input: {} };
  const gateway = createPool(database.url, { role: 'gateway', applicationName: 'shards-gateway', max: 1 });
  await acceptRequest(gateway, { requestId: 'r', name: 'submit', message });
  await gateway.end();
  await expect(setShard(owner, { number: 0, of: 2 })).rejects.toMatchObject({ code: 'log-has-begun' });
  await owner.query('delete from baton.inbox');
  await appendBatch(hub, await aLane(hub), 0, [anItem(randomUUID())]);
  await expect(setShard(owner, { number: 0, of: 2 })).rejects.toMatchObject({ code: 'log-has-begun' });
  await expect(assertShard(hub, { number: 0, of: 2 })).rejects.toMatchObject({
    code: 'wrong-shard',
    message: 'The log is the only log, and not shard 0 of 2, as it should be.',
  });
  await setShard(owner, { number: 0, of: 1 });
  expect(await readShard(hub)).toEqual({ number: 0, of: 1 });
});

test('limits and shards exclude each other, whichever comes first', async () => {
  await setLimits(owner, LIMITS);
  await expect(setShard(owner, { number: 0, of: 2 })).rejects.toMatchObject({ code: 'limits-need-one-log' });
  await setLimits(owner, null);
  await setShard(owner, { number: 0, of: 2 });
  await expect(setLimits(owner, LIMITS)).rejects.toMatchObject({ code: 'limits-need-one-log' });
  await setLimits(owner, null);
});

test('no service says which log it works on', async () => {
  await expect(hub.query('update baton.log_shard set number = 0, shards = 2')).rejects.toThrow('permission denied');
});
