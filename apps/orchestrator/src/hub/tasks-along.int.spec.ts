import { randomUUID } from 'node:crypto';
import { commandIdOf, RetryableError, WorkerAnnouncement, workerQueue } from '@baton/contracts';
import { announceWorker, undispatchedCommands } from '@baton/event-store';
import { afterEach, beforeEach, expect, inject, test, vi } from 'vitest';
import { HubFixture } from '../testing/hub-fixture.js';

/* Where the queues are in the database, a task is in its queue with the commit that issues it. */

let fixture: HubFixture;
beforeEach(async () => {
  fixture = await HubFixture.open(inject('postgresUrl'));
  const said = { v: 1, workerId: randomUUID(), kind: fixture.kind, host: 'h', pid: 1, concurrency: 1, bundle: 10 };
  await announceWorker(fixture.pool, WorkerAnnouncement.parse({ ...said, hasOwnDoor: true }));
});
afterEach(() => fixture.close({ isReplayed: true }));

const taken = (commandId: string): Promise<void> =>
  vi.waitFor(() => expect(fixture.taken.map((task) => task.commandId)).toContain(commandId), {
    timeout: 15_000,
    interval: 20,
  });

test('nothing lies between the commit and the queue, and nothing is sent twice', async () => {
  const publish = vi.fn(() =>
    Promise.reject(new RetryableError('killed before the dispatch', { code: 'killed', retryAfterMs: 1 })),
  );
  const hub = await fixture.startHub({ messaging: { ...fixture.messaging, publish } });
  fixture.startTaking();
  const runId = randomUUID();
  expect(await hub.handle(fixture.start(runId))).toBe('committed');
  await taken(commandIdOf(runId, 1));
  expect(await hub.handle(fixture.answer(commandIdOf(runId, 1)))).toBe('committed');
  await taken(commandIdOf(runId, 2));
  expect(await hub.handle(fixture.answer(commandIdOf(runId, 2)))).toBe('committed');
  expect(publish).not.toHaveBeenCalled();
  expect(fixture.taken.map(({ commandId }) => commandId)).toEqual([1, 2].map((n) => commandIdOf(runId, n)));
  await hub.stop();
  expect(await undispatchedCommands(fixture.pool, { afterSeq: 0, limit: 10 })).toEqual([]);
});

test('an append that is refused puts nothing into a queue', async () => {
  const [one, two] = [await fixture.startHub(), await fixture.startHub()];
  const runId = randomUUID();
  const outcomes = await Promise.all([one.handle(fixture.start(runId)), two.handle(fixture.start(runId))]);
  expect(outcomes.toSorted()).toEqual(['committed', 'ignored']);
  expect(await fixture.messaging.counts(workerQueue(fixture.kind))).toMatchObject({ waiting: 1, active: 0 });
});

test('a hub puts tasks into the queues of workers, and nothing else anywhere', async () => {
  const put = (queue: string, channel: string): Promise<unknown> =>
    fixture.pool.query('select bullmq.baton_put_task($1, $2, $3, $4, 0::smallint, $5)', [
      queue,
      'id',
      'n',
      '{}',
      channel,
    ]);
  for (const [queue, channel] of [
    ['intake', 'baton intake'],
    ['results', 'baton results'],
    ['results-lane-1', 'baton results-lane-1'],
    ['worker-a', 'other'],
  ] as const) {
    await expect(put(queue, channel)).rejects.toMatchObject({ code: '23514' });
  }
  await put('worker-a', 'baton worker-a');
});
