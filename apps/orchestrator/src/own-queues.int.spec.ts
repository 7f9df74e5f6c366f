import { logName } from '@baton/event-store';
import { queueEpoch } from '@baton/messaging';
import { afterEach, expect, inject, test } from 'vitest';
import { assertOwnQueues } from './own-queues.js';
import { HubFixture } from './testing/hub-fixture.js';

const opened: HubFixture[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((fixture) => fixture.close()));
});
async function open(redisUrl: string | null): Promise<HubFixture> {
  const fixture = await HubFixture.open(inject('postgresUrl'), redisUrl);
  opened.push(fixture);
  return fixture;
}

test('on Postgres the queues are those of the log beside them', async () => {
  const { pool, messaging } = await open(null);
  await assertOwnQueues(pool, queueEpoch(messaging), { number: 1, of: 2 });
});

const redisUrl = inject('redisUrl');
test.skipIf(redisUrl === null)('two logs do not share a Redis, but for what is the only log', async () => {
  const first = await open(redisUrl);
  const second = await open(null);
  const epoch = queueEpoch(first.messaging);
  await assertOwnQueues(second.pool, epoch, { number: 0, of: 1 });
  await assertOwnQueues(first.pool, epoch, { number: 0, of: 2 });
  await assertOwnQueues(first.pool, epoch, { number: 0, of: 2 });
  await expect(assertOwnQueues(second.pool, epoch, { number: 1, of: 2 })).rejects.toMatchObject({
    code: 'queues-of-another-log',
    message: expect.stringContaining(await logName(first.pool)),
  });
  // Who has lost what was in it begins anew.
  await first.wipeQueues();
  await assertOwnQueues(second.pool, epoch, { number: 1, of: 2 });
});
