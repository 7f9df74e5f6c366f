import { z } from 'zod';
import type { Messaging } from '../messaging.js';
import { consumeInTest } from './in-test.js';
import { deadLetters, quickTiming } from './recorder.js';

export interface Carried {
  /** Which messages came, through whichever door, however often. */
  readonly got: ReadonlySet<number>;
  /** Sends so many more through each door, as often as it takes: what was sent before is not taken twice. */
  send(count: number): Promise<void>;
  readonly sent: () => number;
}

/** A consumer on a queue, and a sender that sends through both doors. */
export async function carry(messaging: Messaging, queue: string): Promise<Carried> {
  const got = new Set<number>();
  const consumer = consumeInTest(messaging, {
    queue,
    messages: { task: z.object({ n: z.number() }) },
    concurrency: 5,
    deadLetter: deadLetters().record,
    timing: quickTiming,
    handle: async ({ data }) => void got.add(data.n),
  });
  await consumer.whenReady();
  let sent = 0;
  return {
    got,
    sent: () => sent,
    async send(count) {
      const jobs = Array.from({ length: count }, () => {
        sent += 1;
        return { jobId: `${queue}-${sent}`, name: 'task', data: { n: sent } };
      });
      await messaging.publish(queue, jobs.slice(0, count / 2));
      await messaging.publish(queue, jobs.slice(count / 2), { via: 'own-door' });
    },
  };
}
