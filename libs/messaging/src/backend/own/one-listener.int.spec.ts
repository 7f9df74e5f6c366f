import { expect, test } from 'vitest';
import { z } from 'zod';
import { consumeInTest, openInTest } from '../../testing/in-test.js';
import { deadLetters, eventually } from '../../testing/recorder.js';
import { administer, backends } from '../../testing/test-servers.js';

const messages = { task: z.object({ n: z.number() }) };
const QUEUES = ['worker-one', 'worker-two', 'worker-three'];
const LISTENERS = `select application_name from pg_stat_activity where datname = current_database() and query ilike '%listen %' and query not ilike '%pg_stat%'`;

// Each NOTIFY wakes all connections of the database that listen, whatever they listen for.
for (const { name, open } of backends.filter((backend) => backend.name.startsWith('postgres')))
  test(`a process listens on one connection for all its queues, sent to by way of ${name}`, { retry: 2 }, async () => {
    const { server, messaging } = await openInTest(open, 'hears');
    const got: string[] = [];
    for (const queue of QUEUES)
      consumeInTest(messaging, {
        queue,
        messages,
        concurrency: 1,
        deadLetter: deadLetters().record,
        handle: async ({ data }) => void got.push(`${queue} ${data.n}`),
      });
    for (const n of [1, 2])
      for (const queue of QUEUES) {
        const sentAt = performance.now();
        await messaging.publish(queue, [{ jobId: `j-${n}`, name: 'task', data: { n } }]);
        await eventually(() => expect(got).toContain(`${queue} ${n}`));
        // By the bell, and not by the next look.
        if (n > 1) expect(performance.now() - sentAt).toBeLessThan(3_000);
      }
    const listeners = await administer(server.config.url, LISTENERS);
    expect(listeners).toEqual([{ application_name: 'baton-bells-hears' }]);
  });
