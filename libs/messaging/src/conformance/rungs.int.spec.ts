import { onRung } from '@baton/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Messaging, type OutgoingJob, openMessaging } from '../messaging.js';
import { consumeInTest } from '../testing/in-test.js';
import { deadLetters, eventually } from '../testing/recorder.js';
import { backends, type TestServer } from '../testing/test-servers.js';

const messages = { task: z.object({ what: z.string() }) };
const job = (what: string, urgency: number, rung: number): OutgoingJob => ({
  ...{ jobId: what, name: 'task', data: { what }, priority: onRung(urgency, rung) },
});

describe.each(backends)('queues on $name', ({ name, isAvailable, open }) => {
  describe.skipIf(!isAvailable)('know rungs', () => {
    let server: TestServer;
    let messaging: Messaging;
    beforeAll(async () => {
      server = await open();
      messaging = await openMessaging(server.config, { name: 'rungs-test' });
    });
    afterAll(async () => {
      await messaging?.close();
      await server?.drop();
    });

    /** What is there, in the order in which somebody takes it who has room for one at a time. */
    async function taken(queue: string, jobs: readonly OutgoingJob[]): Promise<readonly string[]> {
      await messaging.publish(queue, jobs);
      const got: string[] = [];
      const consumer = consumeInTest(messaging, {
        ...{ queue, messages, concurrency: 1, deadLetter: deadLetters().record },
        handle: async ({ data }) => void got.push(data.what),
      });
      await eventually(() => expect(got).toHaveLength(jobs.length), 30_000);
      await consumer.stop(5_000);
      return got;
    }

    it('within an urgency, and bring nothing of a less urgent one before', async () => {
      const jobs = [
        ...[job('normal, far behind', 2, 3), job('normal, behind', 2, 1), job('normal', 2, 0)],
        ...[job('urgent, far behind', 0, 3), job('urgent', 0, 0), job('least', 3, 0)],
      ];
      expect(await taken('worker-rungs', jobs)).toEqual([
        ...['urgent', 'urgent, far behind', 'normal', 'normal, behind', 'normal, far behind', 'least'],
      ]);
    });

    it.runIf(name.endsWith('own door'))('and let none starve behind those in front', async () => {
      const front = Array.from({ length: 40 }, (_, n) => job(`front ${n}`, 2, 0));
      const got = await taken('worker-starving', [job('behind', 2, 1), job('far behind', 2, 3), ...front]);
      for (const what of ['behind', 'far behind']) expect(got.indexOf(what)).toBeLessThan(25);
      expect(got.slice(0, 5)).toEqual([0, 1, 2, 3, 4].map((n) => `front ${n}`));
    });
  });
});
