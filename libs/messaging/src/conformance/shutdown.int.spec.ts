import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Delivery } from '../delivery.js';
import { type Messaging, openMessaging } from '../messaging.js';
import { killWithMessage } from '../testing/doomed-consumer.js';
import { consumeInTest } from '../testing/in-test.js';
import { deadLetters, eventually, quickTiming } from '../testing/recorder.js';
import { backends, type TestServer } from '../testing/test-servers.js';

const messages = { task: z.object({ n: z.number() }) };

/** Ends when its signal aborts, as a model call does. */
const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

describe.each(backends)('consumers on $name', ({ done, remembered, isAvailable, open }) => {
  describe.skipIf(!isAvailable)('end without losing a message', () => {
    let server: TestServer;
    let messaging: Messaging;
    let queue = '';
    let queueNumber = 0;

    beforeAll(async () => {
      server = await open();
      messaging = await openMessaging(server.config, { name: 'shutdown-test' });
    });
    afterAll(async () => {
      await messaging?.close();
      await server?.drop();
    });

    const start = (handle: (delivery: Delivery<typeof messages>) => Promise<void>, concurrency = 2) =>
      consumeInTest(messaging, {
        queue,
        messages,
        concurrency,
        deadLetter: deadLetters().record,
        timing: quickTiming,
        handle,
      });
    const send = (...ids: string[]) =>
      messaging.publish(
        queue,
        ids.map((jobId, n) => ({ jobId, name: 'task', data: { n } })),
      );

    it('delivers the message of a killed process to another one when its lock has run out', { retry: 2 }, async () => {
      queue = `worker-shutdown-${queueNumber++}`;
      await send('j-1');
      expect(await killWithMessage(server.config, queue, quickTiming)).toBe('took j-1 attempt 1');
      const killedAt = performance.now();
      const attempts: number[] = [];
      const consumer = start(async ({ attempt }) => {
        attempts.push(attempt);
      });
      await eventually(() => expect(attempts).toEqual([2]));
      const promisedMs = quickTiming.lockMs + 2 * quickTiming.stalledCheckMs;
      expect(performance.now() - killedAt).toBeLessThan(promisedMs + 1_000);
      await consumer.stop(5_000);
      expect(await messaging.jobState(queue, 'j-1')).toBe(done);
    });

    it('waits on stop for messages in work, and takes no new ones', async () => {
      queue = `worker-shutdown-${queueNumber++}`;
      await send('j-1', 'j-2');
      const finished: string[] = [];
      const started: string[] = [];
      const consumer = start(async ({ jobId, signal }) => {
        started.push(jobId);
        // Longer than the lock: it has to be renewed while the consumer stops.
        await sleep(quickTiming.lockMs + 500);
        if (!signal.aborted) finished.push(jobId);
      });
      await eventually(() => expect(started).toHaveLength(2));
      await send('j-3');
      await consumer.stop(10_000);
      expect(finished.toSorted()).toEqual(['j-1', 'j-2']);
      expect(await messaging.counts(queue)).toMatchObject({ completed: remembered(2), waiting: 1, active: 0 });
    });

    it.each([
      ['ends on its signal', untilAborted],
      ['ignores its signal', () => new Promise<never>(() => {})],
    ])('hands a message back at the bound of the stop when its handler %s', { retry: 2 }, async (_case, waitLong) => {
      queue = `worker-shutdown-${queueNumber++}`;
      await send('j-1');
      const abortCodes: unknown[] = [];
      const started = Promise.withResolvers<void>();
      const consumer = start(async ({ signal }) => {
        started.resolve();
        signal.addEventListener('abort', () => abortCodes.push(signal.reason.code));
        await waitLong(signal);
      });
      await started.promise;
      const stoppedAt = performance.now();
      await consumer.stop(300);
      expect(performance.now() - stoppedAt).toBeLessThan(300 + quickTiming.abortGraceMs + 400);
      expect(abortCodes).toEqual(['consumer-stopping']);
      expect(await messaging.counts(queue)).toMatchObject({ waiting: 1, active: 0 });

      const attempts: number[] = [];
      const next = start(async ({ attempt }) => {
        attempts.push(attempt);
      });
      await next.whenReady();
      const readyAt = performance.now();
      await eventually(() => expect(attempts).toEqual([2]));
      expect(performance.now() - readyAt).toBeLessThan(500);
      await next.stop(5_000);
    });

    it('completes a message whose handler finishes although it was told to end', async () => {
      queue = `worker-shutdown-${queueNumber++}`;
      await send('j-1');
      const started = Promise.withResolvers<void>();
      const consumer = start(async ({ signal }) => {
        started.resolve();
        await untilAborted(signal).catch(() => {});
      });
      await started.promise;
      await consumer.stop(100);
      expect(await messaging.jobState(queue, 'j-1')).toBe(done);
    });

    it('hands back at once what it has fetched and not begun, while it waits for what is in work', async () => {
      queue = `worker-shutdown-${queueNumber++}`;
      const [started, finish] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const begun: string[] = [];
      const consumer = start(async ({ jobId }) => {
        begun.push(jobId);
        started.resolve();
        await finish.promise;
      }, 1);
      await messaging.publish(queue, [{ jobId: 'j-1', name: 'task', data: { n: 1 } }], { via: 'own-door' });
      await started.promise;
      // By the other door, which does not know that there is no room.
      await (await messaging.queue(queue)).add('task', { n: 2 }, { jobId: 'j-2' });
      await eventually(async () => expect(await messaging.counts(queue)).toMatchObject({ waiting: 0, active: 2 }));
      const stopped = consumer.stop(30_000);
      await eventually(async () => expect(await messaging.counts(queue)).toMatchObject({ waiting: 1, active: 1 }));
      finish.resolve();
      await stopped;
      expect(begun).toEqual(['j-1']);
    });

    it('takes no more once it drains and lets go of nothing, until a stop takes it away', async () => {
      queue = `worker-shutdown-${queueNumber++}`;
      await send('j-1');
      const started = Promise.withResolvers<void>();
      const consumer = start(async ({ signal }) => {
        started.resolve();
        await untilAborted(signal);
      });
      await started.promise;
      let isDrained = false;
      const drained = consumer.drain().then(() => {
        isDrained = true;
      });
      await send('j-2');
      // Longer than the lock: it is renewed.
      await sleep(quickTiming.lockMs + 500);
      expect(isDrained).toBe(false);
      expect(await messaging.counts(queue)).toMatchObject({ waiting: 1, active: 1 });
      await consumer.stop(0);
      await drained;
      expect(await messaging.counts(queue)).toMatchObject({ waiting: 2, active: 0 });
    });

    it('can be stopped before it is ready, and twice', async () => {
      queue = `worker-shutdown-${queueNumber++}`;
      const consumer = start(async () => {});
      await Promise.all([consumer.stop(1_000), consumer.stop(1_000)]);
      await send('j-1');
      await sleep(200);
      expect(await messaging.jobState(queue, 'j-1')).toBe('waiting');
    });
  });
});
