import { tmpdir } from 'node:os';
import { BatonError, describeError } from '@baton/contracts';
import { createWorker } from '@baton/worker';
import { doTask } from './do-task.ts';
import { readSettings } from './env.ts';
import { openPlace } from './open-place.ts';
import { Deliverable, ForeignTask } from './task.ts';

/** What keeps it from starting is one sentence. */
const refuse = (thrown: unknown): never => {
  if (!(thrown instanceof BatonError)) throw thrown;
  process.stderr.write(`foreign agent: ${describeError(thrown)}\n`);
  process.exit(1);
};

const place = await Promise.resolve()
  .then(() => openPlace(readSettings(), tmpdir()))
  .catch(refuse);
if (place.choice.warning !== null)
  process.stderr.write('foreign agent: it works without a sandbox, with the network and the files of this machine\n');

const worker = await createWorker({
  kind: place.settings.kind,
  description: `Has ${place.settings.name} do what a programmer does.`,
  version: '1.0.0',
  concurrency: 1,
  input: ForeignTask,
  output: Deliverable,
  handle: (task, context) => doTask(task, context, place),
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void worker.stop(1_000));
