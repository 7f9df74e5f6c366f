import { createHash, randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { appendBatch } from './append.js';
import { cacheAnswer, cachedAnswerOf } from './cached-answers.js';
import { createPool } from './pool.js';
import { createTestDatabase, type TestDatabase } from './testing/database.js';
import { aCommand, aLane, anEvent, anItem } from './testing/store.js';

let database: TestDatabase;
let hub: Pool;
let worker: Pool;
let owner: Pool;
beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'));
  hub = createPool(database.url, { role: 'hub', applicationName: 'cached-answers' });
  worker = createPool(database.url, { role: 'worker', applicationName: 'cached-answers' });
  owner = createPool(database.url, { role: 'owner', applicationName: 'cached-answers' });
});
afterAll(async () => {
  await Promise.all([hub?.end(), worker?.end(), owner?.end()]);
  await database?.drop();
});

const RUN = randomUUID();
const id = (ordinal: number): string => `${RUN}-${ordinal}`;
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const QUESTION = hashOf('question');

test('an answer is found by the hash of its request, by the same kind of worker, while it is young enough', async () => {
  const lane = await aLane(hub);
  const commands = [aCommand(id(1)), aCommand(id(2)), aCommand(id(3), { queue: 'worker-other' })];
  expect(await appendBatch(hub, lane, 0, [anItem(RUN, { commands })])).toMatchObject({ ok: true });
  await cacheAnswer(worker, id(1), QUESTION, { response: { text: 'ja' }, ttlSeconds: 60 });
  const found = await cachedAnswerOf(worker, id(2), QUESTION, 60);
  expect(found).toMatchObject({ response: { text: 'ja' }, commandId: id(1), at: expect.any(Date) });
  expect(await cachedAnswerOf(worker, id(2), hashOf('another'), 60)).toBeNull();
  expect(await cachedAnswerOf(worker, id(3), QUESTION, 60)).toBeNull();
  expect(await cachedAnswerOf(worker, `${randomUUID()}-1`, QUESTION, 60)).toBeNull();

  await cacheAnswer(worker, id(2), QUESTION, { response: { text: 'nein' }, ttlSeconds: 60 });
  expect(await cachedAnswerOf(worker, id(1), QUESTION, 60)).toMatchObject({ response: { text: 'nein' } });
  await owner.query("update baton.cached_answer set at = at - interval '30 seconds'");
  expect(await cachedAnswerOf(worker, id(1), QUESTION, 20)).toBeNull();
  expect(await cachedAnswerOf(worker, id(1), QUESTION, 60)).not.toBeNull();
  await owner.query('update baton.cached_answer set expires_at = clock_timestamp()');
  expect(await cachedAnswerOf(worker, id(1), QUESTION, 3_600)).toBeNull();

  // What has expired is gone with the next one; what is large is not kept, and nothing by a command that is settled.
  const count = async () => Number((await owner.query('select count(*) from baton.cached_answer')).rows[0].count);
  await cacheAnswer(worker, id(1), hashOf('large'), { response: 'x'.repeat(300_000), ttlSeconds: 60 });
  expect(await count()).toBe(1);
  await cacheAnswer(worker, id(1), hashOf('next'), { response: 1, ttlSeconds: 60 });
  expect(await count()).toBe(1);
  const events = [anEvent({ type: 'TaskSucceeded', data: { commandId: id(1) } })];
  await appendBatch(hub, lane, 0, [anItem(RUN, { expectedVersion: 1, events, consume: [id(1)] })]);
  await cacheAnswer(worker, id(1), QUESTION, { response: 1, ttlSeconds: 60 });
  expect(await count()).toBe(1);
  await expect(worker.query('select 1 from baton.cached_answer')).rejects.toThrow('permission denied');
});

test('there are never more than ten thousand, and those that expire first go', async () => {
  await owner.query(
    `insert into baton.cached_answer (queue, request_sha256, response, command_id, expires_at)
     select 'worker-test', sha256(i::text::bytea), '1', 'x', clock_timestamp() + interval '1 hour' + make_interval(secs => i)
       from generate_series(1, 10050) i`,
  );
  await cacheAnswer(worker, id(2), QUESTION, { response: 1, ttlSeconds: 86_400 });
  const { rows } = await owner.query(
    "select count(*)::int as n, bool_or(request_sha256 = sha256('1'::bytea)) as has_first from baton.cached_answer",
  );
  expect(rows).toEqual([{ n: 10_000, has_first: false }]);
  expect(await cachedAnswerOf(worker, id(2), QUESTION, 60)).not.toBeNull();
});
