import { BatonError, describeError } from '@baton/contracts';
import { createWorker } from '@baton/worker';
import { readSettings, type Settings } from './env.ts';
import { Ticket, Triage } from './ticket.ts';
import { triage } from './triage.ts';

function settingsOrEnd(): Settings {
  try {
    return readSettings();
  } catch (thrown) {
    if (!(thrown instanceof BatonError)) throw thrown;
    process.stderr.write(`ticket-triage: ${describeError(thrown)}\n`);
    process.exit(1);
  }
}
const settings = settingsOrEnd();

const worker = await createWorker({
  kind: 'ticket-triage',
  description: 'Says how urgent a ticket is, and whose.',
  version: '1.0.0',
  input: Ticket,
  output: Triage,
  handle: (ticket, context) => triage(ticket, context, settings),
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void worker.stop(5_000));
