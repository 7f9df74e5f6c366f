// A worker as users write it, made with the library of the checkout that it is given: of this version, or of another one. Its tasks
// take so long. It says `ready`, then `done` and the task for each that it has done, and ends by a signal.
import { setTimeout as sleep } from 'node:timers/promises';

const [root = '', kind = '', ms = '0'] = process.argv.slice(2);
const { createWorker } = await import(`${root}/libs/worker/dist/index.js`);
const { z } = await import(`${root}/node_modules/zod/index.js`);

const worker = await createWorker({
  kind,
  description: 'Takes its time.',
  concurrency: 4,
  input: z.looseObject({}),
  output: z.object({}),
  handle: async (
    /** @type {unknown} */ _,
    /** @type {{ idempotencyKey: string, signal: AbortSignal }} */ { idempotencyKey, signal },
  ) => {
    process.stdout.write(`begun ${idempotencyKey}\n`);
    await sleep(Number(ms), undefined, { signal });
    process.stdout.write(`done ${idempotencyKey}\n`);
    return {};
  },
});
process.stdout.write('ready\n');
process.once('SIGTERM', async () => {
  await worker.stop(5_000);
  process.exit(0);
});
