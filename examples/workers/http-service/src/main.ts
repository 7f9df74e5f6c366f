import { BatonError, describeError, Json } from '@baton/contracts';
import { createWorker } from '@baton/worker';
import { callService } from './call-service.ts';
import { readSettings, type Settings } from './env.ts';

function settingsOrEnd(): Settings {
  try {
    return readSettings();
  } catch (thrown) {
    if (!(thrown instanceof BatonError)) throw thrown;
    process.stderr.write(`http-service: ${describeError(thrown)}\n`);
    process.exit(1);
  }
}
const settings = settingsOrEnd();

const worker = await createWorker({
  kind: settings.HTTP_SERVICE_KIND,
  description: `Asks ${new URL(settings.HTTP_SERVICE_URL).host}.`,
  version: '1.0.0',
  input: Json,
  output: Json,
  handle: (args, context) => callService(args, context, settings),
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void worker.stop(5_000));
