import { randomUUID } from 'node:crypto';
import { commandIdOf, resultsQueue, workerQueue } from '@baton/contracts';
import {
  beginSuspect,
  claimLane,
  createPool,
  findDeadLetter,
  isParked,
  listDeadLetters,
  parkRun,
  recordDeadLetter,
  requeueLetter,
} from '@baton/event-store';
import type { Pool } from 'pg';
import { afterEach, beforeEach, expect, inject, test, vi } from 'vitest';
import { HubFixture } from '../../testing/hub-fixture.js';

let fixture: HubFixture;
let gateway: Pool;
beforeEach(async () => {
  fixture = await HubFixture.open(inject('postgresUrl'));
  gateway = createPool(fixture.database.url, { role: 'gateway', applicationName: 'letters-test' });
});
afterEach(async () => {
  await gateway?.end();
  await fixture?.close();
});

/** A letter that an operator wants to have taken up again. */
async function requeued(letter: Partial<Parameters<typeof recordDeadLetter>[1]>): Promise<number> {
  await recordDeadLetter(fixture.pool, { source: 'hub', name: 'x', reason: 'r', message: '{}', ...letter });
  const [newest] = await listDeadLetters(fixture.pool, { limit: 1 });
  const id = newest?.id ?? 0;
  const by = { type: 'apikey', id: 'ada' } as const;
  expect(await requeueLetter(gateway, { id, by, request: null, isForHub: true })).toBe(true);
  expect(await requeueLetter(gateway, { id, by, request: null, isForHub: true })).toBe(false);
  return id;
}

const untilSent = (id: number) =>
  vi.waitFor(async () => expect((await findDeadLetter(fixture.pool, id))?.sentAt).toBeDefined(), { timeout: 10_000 });

test('a task is sent out again as Postgres has it, whatever the letter says', async () => {
  const hub = await fixture.startHub();
  const runId = randomUUID();
  await hub.handle(fixture.start(runId));
  fixture.startTaking();
  await vi.waitFor(() => expect(fixture.taken).toHaveLength(1), { timeout: 10_000 });
  const commandId = commandIdOf(runId, 1);
  const source = workerQueue(fixture.kind);
  await untilSent(await requeued({ source, name: 'task', message: '{"arguments":"forged"}', commandId, runId }));
  await vi.waitFor(() => expect(fixture.taken).toHaveLength(2), { timeout: 10_000 });
  const [first, second] = fixture.taken;
  expect(second).toMatchObject({ commandId, dispatchNo: 1, arguments: first?.arguments });
});

test('a result is sent to its queue again, where its task is still waited for', async () => {
  const hub = await fixture.startHub();
  const runId = randomUUID();
  await hub.handle(fixture.start(runId));
  const commandId = commandIdOf(runId, 1);
  const message = JSON.stringify({ commandId, dispatchNo: 0, any: 'thing' });
  await untilSent(await requeued({ source: resultsQueue(runId), name: 'succeeded', message }));
  const owner = createPool(fixture.database.url, { role: 'owner', applicationName: 'letters-test', max: 1 });
  const { rows } = await owner.query('select id, name, data::jsonb as data from bullmq.job where queue = $1', [
    resultsQueue(runId),
  ]);
  await owner.end();
  // Under an id that only a hub can make: whoever had it taken up again vouches for it.
  const nonce = hub.nonceOf({ commandId, dispatchNo: 0 });
  const id = expect.stringMatching(new RegExp(`^r-${commandId}-0-${nonce}-[0-9a-f-]{36}$`));
  expect(rows).toEqual([{ id, name: 'succeeded', data: JSON.parse(message) }]);
});

test('a run that stood still goes on, also where a message of it had ended its processes', async () => {
  const hub = await fixture.startHub();
  const runId = randomUUID();
  await hub.handle(fixture.start(runId));
  await parkRun(fixture.pool, runId);
  const lane = await claimLane(fixture.pool, 'other', 60_000);
  if (lane === null) throw new Error('no free lane');
  await beginSuspect(fixture.pool, lane, { key: 'k', runId });
  await fixture.pool.query('update baton.suspect set is_guilty = true');
  await untilSent(await requeued({ source: 'hub', name: 'FailTask', runId }));
  expect(await isParked(fixture.pool, runId)).toBe(false);
  expect((await fixture.pool.query('select from baton.suspect')).rowCount).toBe(0);
});
