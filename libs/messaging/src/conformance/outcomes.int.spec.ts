import { BatonError, RetryableError, TerminalError } from '@baton/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ConsumeOptions } from '../consume.js';
import type { Delivery } from '../delivery.js';
import { type Messaging, type OutgoingJob, openMessaging } from '../messaging.js';
import { killWithMessage } from '../testing/doomed-consumer.js';
import { consumeInTest } from '../testing/in-test.js';
import { type DeadLetters, deadLetters, eventually, quickTiming } from '../testing/recorder.js';
import { backends, type TestServer } from '../testing/test-servers.js';

const messages = { task: z.object({ requestId: z.string().optional(), n: z.number() }) };
type Messages = typeof messages;

const retry = { attempts: 3, backoffMs: 40, maxBackoffMs: 500, maxDeliveries: 20, maxStalls: 5 };

describe.each(backends)('queues on $name', ({ done, remembered, isAvailable, open }) => {
  describe.skipIf(!isAvailable)('act on the outcome of a handler', () => {
    let server: TestServer;
    let messaging: Messaging;
    let queue = '';
    let queueNumber = 0;

    beforeAll(async () => {
      server = await open();
      messaging = await openMessaging(server.config, { name: 'outcome-test' });
    });
    afterAll(async () => {
      await messaging?.close();
      await server?.drop();
    });

    /** Sends one message, consumes until the queue holds nothing unfinished, and gives every delivery that was made. */
    async function consumeAll(
      handle: (delivery: Delivery<Messages>) => Promise<void>,
      options: Partial<ConsumeOptions<Messages>> = {},
      data: OutgoingJob['data'] = { n: 1 },
      name = 'task',
    ): Promise<{ attempts: { attempt: number; atMs: number }[]; dead: DeadLetters }> {
      queue = `worker-outcome-${queueNumber++}`;
      const attempts: { attempt: number; atMs: number }[] = [];
      const dead = deadLetters();
      await messaging.publish(queue, [{ jobId: 'j-1', name, data }]);
      const consumer = consumeInTest(messaging, {
        queue,
        messages,
        concurrency: 2,
        deadLetter: dead.record,
        retry,
        timing: quickTiming,
        ...options,
        handle: async (delivery) => {
          attempts.push({ attempt: delivery.attempt, atMs: performance.now() });
          await handle(delivery);
        },
      });
      await eventually(async () => expect(await messaging.jobState(queue, 'j-1')).toBe(done));
      await consumer.stop(5_000);
      expect(await messaging.counts(queue)).toEqual({
        waiting: 0,
        active: 0,
        delayed: 0,
        completed: remembered(1),
        failed: 0,
      });
      return { attempts, dead };
    }

    it('retries after an unexpected error, waiting twice as long each time', async () => {
      const { attempts, dead } = await consumeAll(
        async ({ attempt }) => {
          if (attempt <= 3) throw new Error(`bug ${attempt}`);
        },
        { retry: { ...retry, attempts: 4, backoffMs: 100 } },
      );
      expect(attempts.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4]);
      const waits = attempts.slice(1).map(({ atMs }, index) => atMs - (attempts[index]?.atMs ?? 0));
      for (const [index, expected] of [100, 200, 400].entries()) expect(waits[index]).toBeGreaterThan(expected - 10);
      expect(dead.letters).toEqual([]);
    });

    it("puts a message into the dead letter with the error's message when its attempts are used up", async () => {
      const { attempts, dead } = await consumeAll(async () => {
        throw new Error('no such table');
      });
      expect(attempts).toHaveLength(3);
      expect(dead.letters).toEqual([
        { source: queue, name: 'task', reason: 'handler-failed: no such table', message: '{"n":1}' },
      ]);
    });

    it('keeps the code of an error that ends in the dead letter', async () => {
      const { dead } = await consumeAll(async () => {
        throw new BatonError('The log is closed.', { code: 'log-closed' });
      });
      expect(dead.letters[0]?.reason).toBe('log-closed: The log is closed.');
    });

    it('puts a message into the dead letter at once after a terminal error', async () => {
      const { attempts, dead } = await consumeAll(async () => {
        throw new TerminalError('This run ended long ago.', { code: 'run-ended' });
      });
      expect(attempts).toHaveLength(1);
      expect(dead.letters[0]?.reason).toBe('run-ended: This run ended long ago.');
    });

    it('delivers again after the time a retryable error asks for, without counting the attempt', async () => {
      const overloaded = new RetryableError('The model is overloaded.', { code: 'overloaded', retryAfterMs: 150 });
      const { attempts, dead } = await consumeAll(async ({ attempt }) => {
        if (attempt <= 5) throw overloaded;
      });
      expect(attempts).toHaveLength(6);
      expect((attempts[1]?.atMs ?? 0) - (attempts[0]?.atMs ?? 0)).toBeGreaterThan(140);
      expect(dead.letters).toEqual([]);
    });

    it('ends a message whose handler asks for another try for ever', async () => {
      const { attempts, dead } = await consumeAll(
        async () => {
          throw new RetryableError('Not yet.', { code: 'not-yet', retryAfterMs: 1 });
        },
        { retry: { ...retry, maxDeliveries: 6 } },
      );
      expect(attempts).toHaveLength(6);
      expect(dead.letters[0]?.reason).toBe('not-yet: Not yet.');
    });

    it('puts data that its schema refuses into the dead letter, with the ids that can be read', async () => {
      const { attempts, dead } = await consumeAll(async () => {}, {}, { requestId: 'req-7', runId: 'r', n: 'seven' });
      expect(attempts).toEqual([]);
      expect(dead.letters).toEqual([
        {
          source: queue,
          name: 'task',
          reason: expect.stringMatching(/^undecodable-message: n: .*number/),
          message: expect.stringContaining('"seven"'),
          requestId: 'req-7',
          runId: 'r',
        },
      ]);
    });

    it('puts a message with an unknown name into the dead letter, even one that every object knows', async () => {
      const { attempts, dead } = await consumeAll(async () => {}, {}, { n: 1 }, 'toString');
      expect(attempts).toEqual([]);
      expect(dead.letters[0]).toMatchObject({ name: 'toString', message: '{"n":1}' });
      expect(dead.letters[0]?.reason).toMatch(/^unknown-message: .*toString.*task/);
    });

    it('keeps a message until its dead letter is recorded', async () => {
      let failures = 0;
      const written = deadLetters();
      await consumeAll(
        async () => {
          throw new TerminalError('Wrong.', { code: 'wrong' });
        },
        {
          deadLetter: async (letter) => {
            failures += 1;
            if (failures <= 4) throw new Error('the database is away');
            await written.record(letter);
          },
        },
      );
      expect(written.letters).toHaveLength(1);
    });

    it('puts a message into the dead letter that took too many processes down', async () => {
      queue = `worker-outcome-${queueNumber++}`;
      await messaging.publish(queue, [{ jobId: 'poison', name: 'task', data: { n: 1 } }]);
      await killWithMessage(server.config, queue, quickTiming);
      const dead = deadLetters();
      const handled: string[] = [];
      const consumer = consumeInTest(messaging, {
        queue,
        messages,
        concurrency: 1,
        deadLetter: dead.record,
        retry: { ...retry, maxStalls: 0 },
        timing: quickTiming,
        handle: async ({ jobId }) => {
          handled.push(jobId);
        },
      });
      await eventually(() => expect(dead.letters[0]?.reason).toMatch(/^stalled-too-often: /));
      await eventually(async () => expect(await messaging.jobState(queue, 'poison')).toBe(done));
      expect(handled).toEqual([]);
      await consumer.stop(5_000);
    });
  });
});
