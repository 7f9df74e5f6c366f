import { randomUUID } from 'node:crypto';
import { type Actor, commandIdOf, WorkerAnnouncement, workerQueue } from '@baton/contracts';
import { announceWorker, createPool } from '@baton/event-store';
import { afterEach, describe, expect, inject, onTestFinished, test, vi } from 'vitest';
import { HubFixture } from '../testing/hub-fixture.js';
import { WITHIN_SHARE } from './rung-for.js';

/* No cap is set: whoever submits thousands of runs stands behind whoever submits one after that. */

const many: Actor = { type: 'user', id: 'many' };
const newcomer: Actor = { type: 'user', id: 'newcomer' };
const isLong = inject('effort') === 'long';
const FLOOD = isLong ? 10_000 : 150;
/** What a worker has room for at once. */
const ROOM = 10;
const WAIT = { timeout: isLong ? 600_000 : 30_000, interval: 50 };

test('no row of a command stands on a rung while workers of the kind look at none', async () => {
  const fixture = await HubFixture.open(inject('postgresUrl'), null);
  onTestFinished(() => fixture.close());
  const self = { v: 1, workerId: randomUUID(), kind: fixture.kind, host: 'h', pid: 1, concurrency: ROOM };
  await announceWorker(fixture.pool, WorkerAnnouncement.parse({ ...self, hasOwnDoor: true }));
  // However long this takes, it is not taken for gone.
  const owner = createPool(fixture.database.url, { role: 'owner', applicationName: 'hub-test', max: 1 });
  await owner.query("update baton.worker set seen_at = now() + interval '1 hour'");
  await owner.end();
  const hub = await fixture.startHub();
  const runs = Array.from({ length: WITHIN_SHARE + 8 }, () => randomUUID());
  await Promise.all(runs.map((runId) => hub.handle({ ...fixture.start(runId), actor: many })));
  const { rows } = await fixture.pool.query(
    'select count(*)::int as commands, max(priority) < 4 as on_no_rung from baton.command',
  );
  expect(rows).toEqual([{ commands: runs.length, on_no_rung: true }]);
});

describe.each([
  { server: 'Postgres', redisUrl: null, hasOwnDoor: false },
  { server: 'Postgres', redisUrl: null, hasOwnDoor: true },
  { server: 'Redis', redisUrl: inject('redisUrl'), hasOwnDoor: false },
  { server: 'Redis', redisUrl: inject('redisUrl'), hasOwnDoor: true },
])('with queues on $server (own door: $hasOwnDoor)', ({ server, redisUrl, hasOwnDoor }) => {
  let fixture: HubFixture;
  afterEach(() => fixture?.close());

  test.skipIf(server === 'Redis' && redisUrl === null)(
    'a newcomer comes before all but some dozens of the tasks that another has waiting, also once the queues were filled anew',
    { timeout: WAIT.timeout + 60_000 },
    async () => {
      fixture = await HubFixture.open(inject('postgresUrl'), redisUrl);
      const self = { v: 1, workerId: randomUUID(), kind: fixture.kind, host: 'h', pid: 1, concurrency: ROOM };
      await announceWorker(fixture.pool, WorkerAnnouncement.parse({ ...self, hasOwnDoor, looksAtRungs: hasOwnDoor }));
      const hub = await fixture.startHub();
      const flood = Array.from({ length: FLOOD }, () => randomUUID());
      await Promise.all(flood.map((runId) => hub.handle({ ...fixture.start(runId), actor: many })));
      const late = randomUUID();
      await hub.handle({ ...fixture.start(late), actor: newcomer });
      const waiting = async (): Promise<number> => (await fixture.messaging.counts(workerQueue(fixture.kind))).waiting;
      await vi.waitFor(async () => expect(await waiting()).toBe(FLOOD + 1), WAIT);
      await fixture.wipeQueues();
      await vi.waitFor(async () => expect(await waiting()).toBe(FLOOD + 1), WAIT);
      fixture.startTaking();
      await vi.waitFor(() => expect(fixture.taken).toHaveLength(FLOOD + 1), WAIT);
      const place = fixture.taken.findIndex(({ commandId }) => commandId === commandIdOf(late, 1));
      expect(place).toBeGreaterThanOrEqual(0);
      expect(place).toBeLessThan(WITHIN_SHARE + ROOM);
    },
  );
});
