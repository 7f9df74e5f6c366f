import { randomUUID } from 'node:crypto';
import { commandIdOf, resultJobId, resultsQueue, taskJobId, workerQueue } from '@baton/contracts';
import { afterEach, beforeEach, describe, expect, inject, test, vi } from 'vitest';
import { HubFixture } from '../testing/hub-fixture.js';

const SERVERS = [
  ['Postgres', null],
  ['Redis', inject('redisUrl')],
] as const;

describe.each(SERVERS)('garbage on queues on %s, under every id that can be known', (name, redisUrl) => {
  let fixture: HubFixture;
  beforeEach(async () => {
    fixture = await HubFixture.open(inject('postgresUrl'), redisUrl);
  });
  afterEach(() => fixture?.close());

  test.skipIf(name === 'Redis' && redisUrl === null)('keeps neither a task nor its result from coming', async () => {
    const runId = randomUUID();
    const commandId = commandIdOf(runId, 1);
    const squat = async (queue: string, ids: readonly string[]) => {
      for (const id of ids)
        await (await fixture.messaging.queue(queue)).add('garbage', { no: 1 }, { jobId: id, delay: 3_600_000 });
    };
    await squat(workerQueue(fixture.kind), [taskJobId(commandId, 0), commandId]);
    await squat(resultsQueue(runId), [resultJobId(commandId, 0), commandId]);
    const hub = await fixture.startHub();
    await hub.handle(fixture.start(runId));
    await vi.waitFor(
      async () => {
        const state = await fixture.messaging.jobState(workerQueue(fixture.kind), await fixture.jobOf(commandId));
        expect(state).toBe('waiting');
      },
      { timeout: 5_000 },
    );
  });
});
