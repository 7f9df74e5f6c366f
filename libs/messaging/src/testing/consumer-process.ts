import { z } from 'zod';
import { consume } from '../consume.js';
import { openMessaging } from '../messaging.js';

/**
 * A consumer that takes a message, says so on its standard output, and never ends: to be killed with the message in
 * its hands. Its one argument is JSON: `{ config, queue, timing }`.
 */
const Arguments = z.object({
  config: z.object({ backend: z.enum(['redis', 'postgres']), url: z.string() }),
  queue: z.string(),
  timing: z.object({
    lockMs: z.number(),
    stalledCheckMs: z.number(),
    reconnectMs: z.number(),
    watchdogMs: z.number(),
    abortGraceMs: z.number(),
  }),
});

const { config, queue, timing } = Arguments.parse(JSON.parse(process.argv[2] ?? '{}'));
const messaging = await openMessaging(config, { name: 'doomed' });
consume(messaging, {
  queue,
  messages: { task: z.unknown() },
  concurrency: 1,
  timing,
  deadLetter: async () => {},
  handle: async (delivery) => {
    process.stdout.write(`took ${delivery.jobId} attempt ${delivery.attempt}\n`);
    await new Promise(() => {});
  },
});
