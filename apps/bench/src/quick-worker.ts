import { createWorker } from '@baton/worker';
import { z } from 'zod';

/**
 * A worker as users write it, whose tasks do nothing: one process, a hundred at once, and so quick that tasks may come in
 * bundles. It says `ready`, and ends by a signal. Where a kind is named it measures, for each run, the time from the end of
 * a task to the begin of the run's next one, and prints these times (ms, by run, in order) when told to stop.
 */
const [kind] = process.argv.slice(2);
const endedAt = new Map<string, number>();
let turnaroundMs: { [runId: string]: number[] } = {};

function noteBegin(runId: string): void {
  const before = endedAt.get(runId);
  if (before !== undefined) {
    turnaroundMs[runId] ??= [];
    turnaroundMs[runId].push(performance.now() - before);
  }
  endedAt.set(runId, performance.now());
}

const worker = await createWorker({
  kind: kind ?? 'quick',
  description: 'Does nothing.',
  input: z.looseObject({ n: z.int().optional() }),
  output: z.object({}),
  concurrency: 100,
  bundle: 100,
  handle: (_, { runId }) => {
    if (kind !== undefined) noteBegin(runId);
    return {};
  },
});
process.stdout.write('ready\n');

/** What was measured so far was a warm-up. */
process.on('SIGUSR2', () => {
  turnaroundMs = {};
  endedAt.clear();
});
process.once('SIGTERM', async () => {
  await worker.stop(5_000);
  process.stdout.write(`${JSON.stringify(turnaroundMs)}\n`, () => process.exit(0));
});
