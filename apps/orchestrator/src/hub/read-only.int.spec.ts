import { randomUUID } from 'node:crypto';
import { resultsQueue } from '@baton/contracts';
import { assertWritable } from '@baton/event-store';
import { consume } from '@baton/messaging';
import { startOwnPostgres } from '@baton/service-kit/testing';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test, vi } from 'vitest';
import { z } from 'zod';
import { HubFixture } from '../testing/hub-fixture.js';

const redisUrl = inject('redisUrl');
const PATIENCE = { timeout: 20_000, interval: 50 };

/** What an operator, or a cloud whose disk is full, does to a primary. */
async function setReadOnly(url: string, isReadOnly: boolean): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('set default_transaction_read_only = off');
    await client.query(`alter system set default_transaction_read_only = ${isReadOnly ? 'on' : 'off'}`);
    await client.query('select pg_reload_conf()');
  } finally {
    await client.end();
  }
}

describe.each([
  { queues: 'Postgres', redis: null, isAvailable: true },
  { queues: 'Redis', redis: redisUrl, isAvailable: redisUrl !== null },
])('a primary that becomes read-only, with queues on $queues', ({ redis, isAvailable }) => {
  let server: Awaited<ReturnType<typeof startOwnPostgres>>;
  beforeAll(async () => {
    server = await startOwnPostgres();
  });
  afterAll(() => server.stop());

  test.skipIf(!isAvailable)(
    'keeps every message in its queue, says why it is not ready, and goes on by itself',
    async () => {
      const fixture = await HubFixture.open(server.url, redis);
      onTestFinished(() => fixture.close({ isReplayed: true }));
      const fenced = vi.fn();
      const hub = await fixture.startHub({ onFenced: fenced });
      fixture.startTaking();
      const runId = randomUUID();
      await hub.handle(fixture.start(runId));
      await vi.waitFor(() => expect(fixture.taken).toHaveLength(1), PATIENCE);
      const commandId = fixture.taken[0]?.commandId ?? expect.fail('a task was taken');
      // As the orchestrator takes results: done once it is committed.
      const queue = resultsQueue(runId);
      const consumer = consume(fixture.messaging, {
        queue,
        messages: { answer: z.object({ commandId: z.string() }) },
        concurrency: 5,
        deadLetter: async () => expect.fail('nothing is given up'),
        handle: async ({ data }) => void (await hub.handle(fixture.answer(data.commandId))),
      });
      onTestFinished(() => consumer.stop(1_000));
      await consumer.whenReady();

      await setReadOnly(server.url, true);
      await vi.waitFor(
        () => expect(assertWritable(fixture.pool)).rejects.toMatchObject({ code: 'database-read-only' }),
        PATIENCE,
      );
      const refusal = await hub.handle(fixture.answer(commandId)).catch((thrown: unknown) => thrown);
      expect(refusal).toMatchObject({ code: 'database-read-only', retryAfterMs: expect.any(Number) });
      const result = { jobId: `r-${runId}`, name: 'answer', data: { commandId } };
      const isKept = await fixture.messaging.publish(queue, [result], { via: 'own-door' }).then(
        () => true,
        (thrown) => expect(thrown).toMatchObject({ code: 'queue-unreachable' }),
      );
      // On Postgres nothing is taken on meanwhile: whoever sends is told to try again.
      expect(isKept === true).toBe(redis !== null);

      await setReadOnly(server.url, false);
      await vi.waitFor(() => assertWritable(fixture.pool), PATIENCE);
      if (redis === null) await fixture.messaging.publish(queue, [result], { via: 'own-door' });
      await vi.waitFor(() => expect(fixture.taken.length).toBeGreaterThanOrEqual(2), PATIENCE);
      expect(fenced).not.toHaveBeenCalled();
    },
  );
});
