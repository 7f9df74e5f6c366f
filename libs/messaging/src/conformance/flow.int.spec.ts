import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { consumeInTest, openInTest } from '../testing/in-test.js';
import { deadLetters, eventually, quickTiming } from '../testing/recorder.js';
import { backends } from '../testing/test-servers.js';

const QUEUE = 'worker-flow';
const IDLE = { oldestMs: null, doneLastMinute: 0 };
const jobs = (name: string, many: number, more: object = {}) =>
  Array.from({ length: many }, (_, n) => ({ jobId: `${name}-${n}`, name: 'task', data: {}, ...more }));

describe.each(backends)('the flow of a queue on $name', ({ name, isAvailable, open }) => {
  it.skipIf(!isAvailable)('tells for how long the oldest message waits, whatever its urgency', async () => {
    const { messaging } = await openInTest(open, 'oldest');
    expect(await messaging.flow(QUEUE)).toEqual(IDLE);
    await messaging.publish(QUEUE, jobs('delayed', 1, { delayMs: 60_000 }));
    expect(await messaging.flow(QUEUE)).toEqual(IDLE);
    await messaging.publish(QUEUE, jobs('patient', 1, { priority: 3 }));
    await sleep(300);
    await messaging.publish(QUEUE, [...jobs('urgent', 2), ...jobs('other', 1, { priority: 2 })]);
    const { oldestMs, doneLastMinute } = await messaging.flow(QUEUE);
    expect(oldestMs).toBeGreaterThanOrEqual(290);
    expect(oldestMs).toBeLessThan(10_000);
    expect(doneLastMinute).toBe(0);
  });

  // Through the other door a message that is due stands among those held back until a consumer looks.
  if (name.endsWith('own door'))
    it.skipIf(!isAvailable)('has a message that was held back wait since it is due', async () => {
      const { messaging } = await openInTest(open, 'held-back');
      const began = performance.now();
      await messaging.publish(QUEUE, jobs('later', 1, { delayMs: 400 }));
      const { oldestMs } = await eventually(async () => {
        const flow = await messaging.flow(QUEUE);
        expect(flow.oldestMs).not.toBeNull();
        return flow;
      });
      expect(oldestMs).toBeLessThan(performance.now() - began - 350);
    });

  it.skipIf(!isAvailable)('counts what was done in the last minute, in each queue apart', async () => {
    const { messaging } = await openInTest(open, 'done');
    await messaging.publish(QUEUE, jobs('a', 7));
    const consumer = consumeInTest(messaging, {
      queue: QUEUE,
      messages: { task: z.unknown() },
      concurrency: 3,
      deadLetter: deadLetters().record,
      timing: quickTiming,
      handle: async () => {},
    });
    await eventually(async () => expect(await messaging.flow(QUEUE)).toEqual({ oldestMs: null, doneLastMinute: 7 }));
    await messaging.publish(QUEUE, jobs('b', 4));
    await eventually(async () => expect((await messaging.flow(QUEUE)).doneLastMinute).toBe(11));
    await consumer.stop(5_000);
    expect((await messaging.flow(QUEUE)).doneLastMinute).toBe(11);
    expect(await messaging.flow('worker-flow-of-others')).toEqual(IDLE);
  });
});
