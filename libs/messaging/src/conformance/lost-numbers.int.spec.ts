import { deferred } from '@baton/contracts';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { consumeInTest, openInTest } from '../testing/in-test.js';
import { deadLetters, eventually, quickTiming } from '../testing/recorder.js';
import { backends } from '../testing/test-servers.js';

const messages = { task: z.object({ n: z.number() }) };

/* A process may have messages in hand when the server loses them, and outlives that with what it knows of them. */
describe.each(backends)('a server that loses what may be lost, $name', ({ isAvailable, open }) => {
  it.skipIf(!isAvailable)('takes no message that is sent later for one that is in work since before', async () => {
    const { server, messaging } = await openInTest(open, 'lost-numbers');
    const queue = 'worker-lost-numbers';
    const begun: number[] = [];
    const gate = deferred<void>();
    consumeInTest(messaging, {
      queue,
      messages,
      concurrency: 4,
      deadLetter: deadLetters().record,
      timing: quickTiming,
      handle: async ({ data }) => {
        begun.push(data.n);
        if (data.n === 1) await gate.promise;
      },
    });
    const send = (n: number) => messaging.publish(queue, [{ jobId: `j-${n}`, name: 'task', data: { n } }]);
    await send(1);
    await eventually(() => expect(begun).toEqual([1]));
    await server.lose();
    await send(2);
    await eventually(() => expect(begun).toEqual([1, 2]));
    gate.resolve();
    await send(3);
    await eventually(() => expect(begun).toEqual([1, 2, 3]));
    await eventually(async () => expect(await messaging.counts(queue)).toMatchObject({ waiting: 0, active: 0 }));
  });
});
