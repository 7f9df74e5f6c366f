import { repliesTo, resultJobId, Task, workerMessages, workerQueue } from '@baton/contracts';
import { consume, type MessagingConfig, openMessaging } from '@baton/messaging';

/**
 * A worker that does nothing and announces nothing, in a process of its own: what is left is the cost of the orchestration. It measures, for
 * each run, the time from handing in a result to getting the run's next task, and prints these times (ms, by run, in
 * order) when told to stop.
 */
const [backend, url, kind = 'noop'] = process.argv.slice(2);
const config: MessagingConfig = { backend: backend === 'redis' ? 'redis' : 'postgres', url: url ?? '' };
const messaging = await openMessaging(config, { name: `bench-${kind}` });
const answeredAt = new Map<string, number>();
let turnaroundMs: { [runId: string]: number[] } = {};

const consumer = await consume(messaging, {
  queue: workerQueue(kind),
  messages: workerMessages,
  concurrency: 100,
  deadLetter: async (letter) => {
    process.stderr.write(`${letter.reason}\n`);
  },
  handle: async ({ data }) => {
    const task = Task.parse(data);
    const { v, runId, commandId, step, dispatchNo, nonce } = task;
    const before = answeredAt.get(runId);
    if (before !== undefined) {
      turnaroundMs[runId] ??= [];
      turnaroundMs[runId].push(performance.now() - before);
    }
    answeredAt.set(runId, performance.now());
    const result = { v, id: `r-${commandId}`, runId, commandId, step, dispatchNo, output: {} };
    await messaging.publish(repliesTo(task), [
      { jobId: resultJobId(commandId, dispatchNo, nonce), name: 'succeeded', data: result },
    ]);
  },
});
process.stdout.write('ready\n');

/** What was measured so far was a warm-up. */
process.on('SIGUSR2', () => {
  turnaroundMs = {};
  answeredAt.clear();
});
process.on('SIGTERM', async () => {
  await consumer.stop(5_000);
  await messaging.close();
  process.stdout.write(`${JSON.stringify(turnaroundMs)}\n`, () => process.exit(0));
});
