import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import type { Delivery } from '../delivery.js';
import { queueEpoch } from '../epoch.js';
import { type Messaging, openMessaging } from '../messaging.js';
import { consumeInTest } from '../testing/in-test.js';
import { deadLetters, eventually, quickTiming } from '../testing/recorder.js';
import { startProxy, type TcpProxy } from '../testing/tcp-proxy.js';
import { backends, type TestServer } from '../testing/test-servers.js';

const messages = { task: z.object({ n: z.number() }) };

/** `far` reaches the server through a proxy that can be cut, `near` does not. */
describe.each(backends)('an outage of $name', ({ done, remembered, isAvailable, open }) => {
  describe.skipIf(!isAvailable)('costs time and nothing else', () => {
    let server: TestServer;
    let proxy: TcpProxy;
    let near: Messaging;
    let far: Messaging;
    let queue = '';
    let queueNumber = 0;

    beforeAll(async () => {
      server = await open();
      proxy = await startProxy(server.config.url);
      near = await openMessaging(server.config, { name: 'near' });
      far = await openMessaging({ ...server.config, url: proxy.url }, { name: 'far' });
    });
    afterAll(async () => {
      await near?.close();
      await far?.close();
      await proxy?.close();
      await server?.drop();
    });

    const start = (messaging: Messaging, handle: (delivery: Delivery<typeof messages>) => Promise<void>) =>
      consumeInTest(messaging, {
        queue,
        messages,
        concurrency: 4,
        deadLetter: deadLetters().record,
        timing: quickTiming,
        handle,
      });
    const send = (messaging: Messaging, ...numbers: number[]) =>
      messaging.publish(
        queue,
        numbers.map((n) => ({ jobId: `j-${n}`, name: 'task', data: { n } })),
      );

    it('leaves a consumer working again, with what was sent meanwhile and what is sent later', async () => {
      queue = `worker-outage-${queueNumber++}`;
      const got: number[] = [];
      const consumer = start(far, async ({ data }) => {
        got.push(data.n);
      });
      await send(near, 1);
      await eventually(() => expect(got).toEqual([1]));

      await proxy.cut();
      await send(near, 2, 3);
      await sleep(1_200);
      expect(got).toEqual([1]);
      await proxy.restore();
      await eventually(() => expect(got.toSorted()).toEqual([1, 2, 3]));

      await send(near, 4);
      await eventually(() => expect(got).toContain(4));
      // A message whose completion the outage cut off is completed by its next delivery, and that takes a lock's time.
      await eventually(async () =>
        expect(await near.counts(queue)).toMatchObject({ completed: remembered(4), waiting: 0, active: 0 }),
      );
      await consumer.stop(5_000);
    });

    it('does not run a message again whose completion was cut off, when nobody else took it', async () => {
      queue = `worker-outage-${queueNumber++}`;
      const attempts: number[] = [];
      const consumer = start(far, async ({ attempt }) => {
        attempts.push(attempt);
        // Returns into a connection that is just being lost.
        setImmediate(() => void proxy.cut());
      });
      await send(near, 1);
      await eventually(() => expect(attempts).toEqual([1]));
      await sleep(200);
      await proxy.restore();
      await eventually(async () => expect(await near.jobState(queue, 'j-1')).toBe(done));
      expect(attempts).toEqual([1]);
      await consumer.stop(5_000);
    });

    it('fails a publisher within a second, and lets it succeed afterwards', { retry: 2 }, async () => {
      queue = `worker-outage-${queueNumber++}`;
      await send(far, 1);
      await proxy.cut();
      await sleep(50);
      const failedAt = performance.now();
      const lost = { name: 'RetryableError', code: 'queue-unreachable' };
      await expect(send(far, 2)).rejects.toMatchObject(lost);
      await expect(queueEpoch(far).read()).rejects.toMatchObject(lost);
      expect(performance.now() - failedAt).toBeLessThan(1_500);
      await proxy.restore();
      await eventually(() => send(far, 2));
      expect(await far.counts(queue)).toMatchObject({ waiting: 2 });
    });

    // It waits as long as an answer may take.
    it.skipIf(inject('effort') === 'short')(
      'leaves no process with a connection on which nobody answers any more',
      async () => {
        queue = `worker-outage-${queueNumber++}`;
        const got: number[] = [];
        const consumer = start(far, async ({ data }) => {
          got.push(data.n);
        });
        await send(far, 1);
        await eventually(() => expect(got).toEqual([1]));
        proxy.deafen();
        await expect
          .poll(
            () =>
              send(far, 2).then(
                () => 'sent',
                () => 'not sent',
              ),
            { timeout: 40_000, interval: 100 },
          )
          .toBe('sent');
        await expect.poll(() => got, { timeout: 40_000 }).toContain(2);
        await consumer.stop(1_000);
      },
      90_000,
    );

    it('does not keep a publisher from a queue that it first used during the outage', async () => {
      queue = `worker-outage-${queueNumber++}`;
      await proxy.cut();
      await sleep(50);
      await expect(send(far, 1)).rejects.toMatchObject({ code: 'queue-unreachable' });
      await proxy.restore();
      await eventually(() => send(far, 1));
      expect(await far.jobState(queue, 'j-1')).toBe('waiting');
    });

    it('starts a consumer that was created during the outage', async () => {
      queue = `worker-outage-${queueNumber++}`;
      await proxy.cut();
      const got: number[] = [];
      const consumer = start(far, async ({ data }) => {
        got.push(data.n);
      });
      await send(near, 1);
      await sleep(500);
      await proxy.restore();
      await eventually(() => expect(got).toEqual([1]));
      await consumer.stop(5_000);
    });

    it('aborts the signal of a delivery whose message went to another consumer meanwhile', async () => {
      queue = `worker-outage-${queueNumber++}`;
      const abortCode = Promise.withResolvers<unknown>();
      const started = Promise.withResolvers<void>();
      const cutOff = start(far, async ({ signal }) => {
        signal.addEventListener('abort', () => abortCode.resolve(signal.reason.code));
        started.resolve();
        await abortCode.promise;
        throw new Error('a failure after the abort says nothing about the message');
      });
      await send(near, 1);
      await started.promise;
      await proxy.cut();

      const attempts: number[] = [];
      const release = Promise.withResolvers<void>();
      const other = start(near, async ({ attempt }) => {
        attempts.push(attempt);
        await release.promise;
      });
      await eventually(() => expect(attempts).toEqual([2]));
      await proxy.restore();
      expect(await abortCode.promise).toBe('lock-lost');
      release.resolve();
      await eventually(async () => expect(await near.jobState(queue, 'j-1')).toBe(done));
      await Promise.all([cutOff.stop(5_000), other.stop(5_000)]);
      expect(attempts).toEqual([2]);
    });

    it('does not hold up a stop for longer than its bounds', async () => {
      queue = `worker-outage-${queueNumber++}`;
      const consumer = start(far, async () => {});
      await consumer.whenReady();
      await proxy.cut();
      await sleep(50);
      const stoppedAt = performance.now();
      await consumer.stop(200);
      expect(performance.now() - stoppedAt).toBeLessThan(5_000);
      await proxy.restore();
    });
  });
});
