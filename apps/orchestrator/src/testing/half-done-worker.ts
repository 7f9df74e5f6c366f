import { workerMessages } from '@baton/contracts';
import { consume, openMessaging } from '@baton/messaging';
import { z } from 'zod';
import { answerOf } from './answer.js';

/*
 * A worker that answers so many of the tasks that it is given, says so on its standard output, and never ends with the rest: to
 * be killed in the middle of a bundle. Its one argument is JSON.
 */
const Arguments = z.object({
  config: z.object({ backend: z.enum(['redis', 'postgres']), url: z.string() }),
  queue: z.string(),
  answers: z.number(),
  lockMs: z.number(),
});

const { config, queue, answers, lockMs } = Arguments.parse(JSON.parse(process.argv[2] ?? '{}'));
const messaging = await openMessaging(config, { name: 'half-done' });
let answered = 0;
let begun = 0;
consume(messaging, {
  queue,
  messages: workerMessages,
  concurrency: 1,
  timing: { lockMs },
  deadLetter: async () => {},
  handle: async ({ data: task }) => {
    begun += 1;
    if (begun > answers) return new Promise(() => {});
    const { queue: to, job } = answerOf(task, { by: 'the one that died' });
    await messaging.publish(to, [job]);
    answered += 1;
    if (answered === answers) process.stdout.write(`${answered} handed in\n`);
  },
});
