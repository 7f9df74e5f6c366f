import { Json, type JsonObject } from '@baton/contracts';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Messaging, openMessaging } from '../messaging.js';
import { consumeInTest } from '../testing/in-test.js';
import { deadLetters, eventually, quickTiming } from '../testing/recorder.js';
import { backends, type TestServer } from '../testing/test-servers.js';

const messages = { task: z.object({ body: Json }) };
const retry = { attempts: 3, backoffMs: 10, maxBackoffMs: 50, maxDeliveries: 20, maxStalls: 5 };
const strange = 'NUL \u0000, half a pair \ud800, the other half \udc00, a text that says \\u0000';

const nested = (levels: number): JsonObject => JSON.parse(`{"body":${'['.repeat(levels)}${']'.repeat(levels)}}`);

describe.each(backends)('queues on $name', ({ name, isAvailable, open }) => {
  describe.skipIf(!isAvailable)('take what nobody would send on purpose', () => {
    let server: TestServer;
    let messaging: Messaging;
    beforeAll(async () => {
      server = await open();
      messaging = await openMessaging(server.config, { name: 'hostile-test' });
    });
    afterAll(async () => {
      await messaging?.close();
      await server?.drop();
    });

    async function consumeAll(queue: string, handle: (body: Json) => Promise<void>, jobs: readonly string[]) {
      const dead = deadLetters();
      const consumer = consumeInTest(messaging, {
        queue,
        messages,
        concurrency: 5,
        deadLetter: dead.record,
        retry,
        timing: quickTiming,
        handle: ({ data }) => handle(data.body),
      });
      for (const job of jobs) {
        await eventually(async () => expect(['completed', 'unknown']).toContain(await messaging.jobState(queue, job)));
      }
      await consumer.stop(5_000);
      return dead.letters;
    }

    it('refuses a message that is larger than `publish` lets through, whoever sent it and by whatever way', async () => {
      const queue = 'intake';
      // Through BullMQ's door, which is everybody's.
      const direct = await messaging.queue(queue);
      const body = (bytes: number) => ({ body: 'ü'.repeat(bytes / 2) });
      await direct.add('task', body(1024 * 1024), { jobId: 'j-large' });
      await direct.add('task', body(1024 * 1024 - 100), { jobId: 'j-just' });
      const handled: number[] = [];
      const letters = await consumeAll(queue, async (text) => void handled.push(String(text).length), [
        'j-large',
        'j-just',
      ]);
      expect(handled).toEqual([512 * 1024 - 50]);
      expect(letters).toMatchObject([
        { reason: expect.stringMatching(/^message-too-large: .*1048576 are allowed in intake/) },
      ]);
    });

    it('delivers texts that jsonb cannot hold as they were sent, one at a time and in bulk', async () => {
      const queue = 'worker-strange';
      const data = { body: { [strange]: [strange] } };
      const jobs = ['j-1', 'j-2', 'j-3'];
      await messaging.publish(queue, [{ jobId: 'j-1', name: 'task', data }]);
      await messaging.publish(
        queue,
        jobs.slice(1).map((jobId) => ({ jobId, name: 'task', data })),
      );
      const bodies: Json[] = [];
      expect(await consumeAll(queue, async (body) => void bodies.push(body), jobs)).toEqual([]);
      expect(bodies).toEqual([data.body, data.body, data.body]);
    });

    it('puts a message nested too deeply for its schema into the dead letter at once', async () => {
      const queue = 'worker-deep';
      await messaging.publish(queue, [{ jobId: 'j-1', name: 'task', data: nested(3_000) }]);
      const bodies: Json[] = [];
      const [letter] = await consumeAll(queue, async (body) => void bodies.push(body), ['j-1']);
      expect(letter?.reason).toMatch(/^undecodable-message: .*nested deeper than 500/);
      expect(bodies).toEqual([]);
    });

    it.skipIf(name !== 'redis')('even when it cannot be written as text again', async () => {
      const queue = 'worker-abyss';
      const raw = await messaging.queue(queue);
      await raw.add('task', {}, { jobId: 'j-1' });
      const redis = new Redis(server.config.url);
      const text = `{"runId":"r","body":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
      await redis.hset(`baton:${queue}:j-1`, 'data', text);
      await redis.quit();
      const [letter] = await consumeAll(queue, async () => {}, ['j-1']);
      expect(letter).toMatchObject({ runId: 'r', reason: expect.stringMatching(/^undecodable-message/) });
    });

    it('delivers again after an error whose message no text column holds', async () => {
      const queue = 'worker-strange-error';
      await messaging.publish(queue, [{ jobId: 'j-1', name: 'task', data: { body: 1 } }]);
      let deliveries = 0;
      await consumeAll(queue, async () => {
        deliveries += 1;
        if (deliveries < 3) throw new Error(strange);
      }, ['j-1']);
      expect(deliveries).toBe(3);
    });
  });
});
