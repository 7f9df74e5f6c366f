import { type Json, RetryableError, TerminalError } from '@baton/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bundleOf } from '../bundle-sender.js';
import type { ConsumeOptions } from '../consume.js';
import type { Delivery } from '../delivery.js';
import { type Messaging, type OutgoingJob, openMessaging } from '../messaging.js';
import { killWithMessage } from '../testing/doomed-consumer.js';
import { consumeInTest } from '../testing/in-test.js';
import { type DeadLetters, deadLetters, eventually, quickTiming } from '../testing/recorder.js';
import { backends, type TestServer } from '../testing/test-servers.js';

const messages = { task: z.object({ n: z.number() }) };
type Messages = typeof messages;
type Handle = (delivery: Delivery<Messages>) => Promise<void>;

const retry = { attempts: 3, backoffMs: 20, maxBackoffMs: 100, maxDeliveries: 20, maxStalls: 2 };

const NOTHING_OPEN = { waiting: 0, active: 0, delayed: 0, failed: 0 };

const task = (n: Json, name = 'task'): OutgoingJob => ({ jobId: `j-${String(n)}`, name, data: { n } });

describe.each(backends)('a bundle on $name', ({ done, isAvailable, open }) => {
  describe.skipIf(!isAvailable)('is taken message by message', () => {
    let server: TestServer;
    let messaging: Messaging;
    let queue = '';
    let queueNumber = 0;

    beforeAll(async () => {
      server = await open();
      messaging = await openMessaging(server.config, { name: 'bundle-test' });
    });
    afterAll(async () => {
      await messaging?.close();
      await server?.drop();
    });

    const send = async (jobs: readonly OutgoingJob[], priority = 0): Promise<void> => {
      queue = `worker-bundle-${queueNumber++}`;
      await messaging.publish(queue, [{ ...bundleOf('b-1', jobs), priority }]);
    };

    /** Consumes until the bundle is done, and what was taken out of it; gives the numbers of the messages in the order in which they were handled. */
    async function consumeAll(
      handle: Handle,
      options: Partial<ConsumeOptions<Messages>> = {},
    ): Promise<{ readonly handled: readonly number[]; readonly dead: DeadLetters }> {
      const handled: number[] = [];
      const dead = deadLetters();
      const consumer = consumeInTest(messaging, {
        ...{ queue, messages, concurrency: 1, deadLetter: dead.record, retry, timing: quickTiming, ...options },
        handle: async (delivery) => {
          handled.push(delivery.data.n);
          await handle(delivery);
        },
      });
      await eventually(async () => {
        expect(await messaging.jobState(queue, 'b-1')).toBe(done);
        expect(await messaging.counts(queue)).toMatchObject(NOTHING_OPEN);
      });
      await consumer.stop(5_000);
      expect(await messaging.counts(queue)).toMatchObject(NOTHING_OPEN);
      return { handled, dead };
    }

    it('gives each to its handler, all at the same time', async () => {
      await send([task(1), task(2), task(3)]);
      let inWork = 0;
      let most = 0;
      const { handled, dead } = await consumeAll(async () => {
        inWork += 1;
        most = Math.max(most, inWork);
        await new Promise((resolve) => setTimeout(resolve, 20));
        inWork -= 1;
      });
      expect(handled).toEqual([1, 2, 3]);
      expect(most).toBe(3);
      expect(dead.letters).toEqual([]);
    });

    it('puts a bad one aside with its own reason, and the good ones count', async () => {
      await send([task(1), task('two'), task(3, 'tusk'), task(4)]);
      const { handled, dead } = await consumeAll(async ({ data }) => {
        if (data.n === 4) throw new TerminalError('Four is not allowed.', { code: 'no-fours' });
      });
      expect(handled).toEqual([1, 4]);
      expect(dead.letters.map(({ name, reason, message }) => [name, reason.slice(0, 30), message])).toEqual([
        ['task', 'undecodable-message: n: must b', '{"n":"two"}'],
        ['tusk', 'unknown-message: This queue ha', '{"n":3}'],
        ['task', 'no-fours: Four is not allowed.', '{"n":4}'],
      ]);
    });

    it('comes again as it is where all of them have to', async () => {
      await send([task(1), task(2)]);
      const { handled, dead } = await consumeAll(async ({ attempt, jobId }) => {
        expect(jobId).toMatch(/^j-/);
        if (attempt === 1) throw new RetryableError('wait', { code: 'wait', retryAfterMs: 10 });
        if (attempt === 2) throw new Error('a bug');
      });
      expect(handled).toEqual([1, 2, 1, 2, 1, 2]);
      expect(dead.letters).toEqual([]);
    });

    it('is done where some are, and those that are not come again by themselves', async () => {
      await send([task(1), task(2), task(3), task(4)], 2);
      let waits = 0;
      const { handled, dead } = await consumeAll(async ({ data }) => {
        if (data.n === 2) throw new Error('a bug');
        waits += data.n === 3 ? 1 : 0;
        if (data.n === 3 && waits < 3) throw new RetryableError('wait', { code: 'wait', retryAfterMs: 10 });
      });
      expect(handled.toSorted()).toEqual([1, 2, 2, 2, 2, 3, 3, 3, 4]);
      expect(dead.letters.map(({ reason, message }) => [reason, message])).toEqual([
        ['handler-failed: a bug', '{"n":2}'],
      ]);
    });

    it('takes no attempt of one message for the failures of another', async () => {
      await send([task(1), task(2)]);
      const seen: number[] = [];
      const { dead } = await consumeAll(async ({ data }) => {
        seen.push(data.n);
        if (data.n === 2) throw new Error('a bug');
        const times = seen.filter((n) => n === 1).length;
        if (times < 6) throw new RetryableError('wait', { code: 'wait', retryAfterMs: 10 });
        if (times === 6) throw new Error('once');
      });
      expect(seen.filter((n) => n === 1)).toHaveLength(7);
      expect(dead.letters.map(({ message }) => message)).toEqual(['{"n":2}']);
    });

    it('goes to the dead letter where it is none', async () => {
      queue = `worker-bundle-${queueNumber++}`;
      await messaging.publish(queue, [{ jobId: 'b-1', name: 'bundle', data: { v: 1, messages: 'many' } }]);
      const { handled, dead } = await consumeAll(async () => {});
      expect(handled).toEqual([]);
      expect(dead.letters).toMatchObject([
        { name: 'bundle', reason: expect.stringContaining('undecodable-message: bundle') },
      ]);
    });

    it('that has ended a process is taken apart, with what each was', async () => {
      await send(
        [task(1), task('two'), task(3), task(4, 'bundle'), { ...task(5), data: { n: 5, text: 'x'.repeat(70_000) } }],
        3,
      );
      await killWithMessage(server.config, queue, quickTiming);
      let inWork = 0;
      const ids: string[] = [];
      const { handled, dead } = await consumeAll(async ({ jobId, stalls }) => {
        ids.push(jobId);
        expect(stalls).toBe(0);
        inWork += 1;
        expect(inWork).toBe(1);
        await new Promise((resolve) => setTimeout(resolve, 5));
        inWork -= 1;
      });
      expect(handled).toEqual([1, 3]);
      expect(ids).toEqual(['j-1', 'j-3']);
      expect(dead.letters.map(({ reason }) => reason.split(':')[0]).toSorted()).toEqual([
        'message-too-large',
        'undecodable-message',
        'unknown-message',
      ]);
    });

    it('that ends processes time and again costs the messages beside the cause nothing', async () => {
      await send([task(1), task(2), task(3)]);
      await killWithMessage(server.config, queue, quickTiming);
      // Taken apart by this one, which is killed with the second of them in its hands, as the next ones are.
      const said: string[] = [];
      for (let deaths = 0; deaths < 2; deaths += 1)
        said.push(...(await killWithMessage(server.config, queue, quickTiming, 2)).split('\n'));
      const { handled, dead } = await consumeAll(async () => {}, { retry: { ...retry, maxStalls: 1 } });
      expect(said.filter((line) => line.startsWith('took'))).toEqual(['took j-2 attempt 1', 'took j-2 attempt 2']);
      const done = [...said.filter((line) => line.startsWith('did')), ...handled.map((n) => `did j-${n}`)];
      expect(done.toSorted()).toEqual(['did j-1', 'did j-3']);
      expect(dead.letters.map(({ reason, message }) => [reason.slice(0, 17), message])).toEqual([
        ['stalled-too-often', '{"n":2}'],
      ]);
    });

    it('that has ended too many processes is given up, but for what was done of it', async () => {
      await send([task(1), task(2), task(3)]);
      await killWithMessage(server.config, queue, quickTiming);
      const { handled, dead } = await consumeAll(async () => {}, {
        retry: { ...retry, maxStalls: 0 },
        isSettled: async ({ data }) => data.n !== 2,
      });
      expect(handled).toEqual([]);
      expect(dead.letters.map(({ reason, message }) => [reason.slice(0, 17), message])).toEqual([
        ['stalled-too-often', '{"n":2}'],
      ]);
    });
  });
});
