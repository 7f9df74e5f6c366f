import { createWorker } from '@baton/worker';
import { z } from 'zod';

/**
 * A worker as users write it, whose tasks do nothing: one process, a hundred at once, and so quick that tasks may come in
 * bundles. It says `ready`, and ends by a signal.
 */
const worker = await createWorker({
  kind: 'quick',
  description: 'Does nothing.',
  input: z.object({ n: z.int() }),
  output: z.object({}),
  concurrency: 100,
  bundle: 100,
  handle: () => ({}),
});
process.stdout.write('ready\n');
process.once('SIGTERM', () => void worker.stop(5_000));
