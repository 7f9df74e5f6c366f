import { createWorker } from '@baton/worker';
import { z } from 'zod';

/**
 * A worker as users write it, whose tasks last until its starter says otherwise. It tells by its channel that it is ready, and of
 * each task that it begins.
 */
const [kind = 'held'] = process.argv.slice(2);
const tell = (said: object): void => void process.send?.(said);
let finish = Promise.withResolvers<void>();

const worker = await createWorker({
  kind,
  description: 'Holds its tasks until it is told to finish them.',
  input: z.looseObject({}),
  output: z.object({}),
  concurrency: 4,
  handle: async (_, { runId, signal }) => {
    tell({ begun: runId });
    const aborted = new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
    await Promise.race([finish.promise, aborted]);
    return {};
  },
});
tell({ ready: true });

process.on('message', () => {
  finish.resolve();
  finish = Promise.withResolvers();
});
process.once('SIGTERM', async () => {
  await worker.stop(1_000);
  process.exit(0);
});
process.on('disconnect', () => process.exit(0));
