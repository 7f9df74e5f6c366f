import { BatonError, describeError } from '@baton/contracts';
import { goOnWithGraph } from '@baton/langgraph';
import { createWorker } from '@baton/worker';
import { z } from 'zod';
import { readSettings, type Settings } from './env.ts';
import { releaseNotes } from './graph.ts';
import { worldOf } from './world.ts';

function settingsOrEnd(): Settings {
  try {
    return readSettings();
  } catch (thrown) {
    if (!(thrown instanceof BatonError)) throw thrown;
    process.stderr.write(`release-notes: ${describeError(thrown)}\n`);
    process.exit(1);
  }
}
const settings = settingsOrEnd();

const worker = await createWorker({
  kind: 'release-notes',
  description: 'Writes the release notes of a version, asks, and publishes them.',
  version: '1.0.0',
  input: z.strictObject({ version: z.string().min(1).max(100), ask: z.boolean().default(true) }),
  output: z.object({ notes: z.string(), url: z.string().nullable() }),
  handle: async ({ version, ask }, context) => {
    const graph = releaseNotes(worldOf(settings, context));
    const { notes, url } = await goOnWithGraph({ graph, input: { version, ask }, context });
    return { notes, url };
  },
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void worker.stop(5_000));
