import { z } from 'zod';
import { consume } from '../consume.js';
import { openMessaging } from '../messaging.js';

/**
 * A consumer that takes a message, says so on its standard output, and never ends: to be killed with the message in
 * its hands. Its one argument is JSON: `{ config, queue, timing, n }`; with `n` it does what is not the message of this number.
 */
const Arguments = z.object({
  config: z.object({
    backend: z.enum(['redis', 'postgres']),
    url: z.string(),
    via: z.literal('own-door').exactOptional(),
  }),
  queue: z.string(),
  timing: z.object({
    lockMs: z.number(),
    stalledCheckMs: z.number(),
    reconnectMs: z.number(),
    watchdogMs: z.number(),
    abortGraceMs: z.number(),
  }),
  n: z.number().optional(),
});

const { config, queue, timing, n } = Arguments.parse(JSON.parse(process.argv[2] ?? '{}'));
const messaging = await openMessaging(config, { name: 'doomed' });
consume(messaging, {
  queue,
  messages: { task: z.looseObject({ n: z.unknown() }) },
  concurrency: 1,
  timing,
  deadLetter: async () => {},
  handle: async (delivery) => {
    if (n !== undefined && delivery.data.n !== n) {
      process.stdout.write(`did ${delivery.jobId}\n`);
      return;
    }
    process.stdout.write(`took ${delivery.jobId} attempt ${delivery.attempt}\n`);
    await new Promise(() => {});
  },
});
