import 'reflect-metadata';
import { describeError, toError } from '@baton/contracts';
import { readSecrets, runService } from '@baton/service-kit';
import { acceptLoss, migrateAll, provideAllLogins } from './migrate-all.js';
import { startOrchestrator } from './orchestrator.js';
import { limitsCommand } from './places/limits-command.js';
import { producerCommand } from './producers/producer-command.js';

/**
 * `node main.js` runs the service; `node main.js migrate` prepares the database and the queues, and ends: with code 77
 * (EX_NOPERM of sysexits.h) where all is prepared but the logins, which the user may not make. `node main.js logins` makes the
 * logins alone, for an administrator whom nothing else of the database is to belong to. `node main.js producer …` makes, lists
 * and takes away the logins of producers outside, `node main.js limits …` shows or changes the limits, and `node main.js accept-loss`
 * has hubs go on from a log that lost its end; all print what came of it as JSON.
 */
const EXIT_NO_LOGINS = 77;

const ownersCommand = {
  producer: producerCommand,
  limits: limitsCommand,
  'accept-loss': async () => ({ accepted: await acceptLoss() }),
}[process.argv[2] ?? ''];
const preparation = { migrate: migrateAll, logins: provideAllLogins }[process.argv[2] ?? ''];
if (preparation !== undefined) {
  try {
    const refusal = await preparation();
    if (refusal !== null) {
      process.stderr.write(readSecrets()(`baton migrate: ${refusal}\n`));
      process.exitCode = EXIT_NO_LOGINS;
    }
  } catch (thrown) {
    process.stderr.write(readSecrets()(`baton migrate: ${describeError(toError(thrown))}\n`));
    process.exitCode = 1;
  }
} else if (ownersCommand !== undefined) {
  try {
    process.stdout.write(`${JSON.stringify(await ownersCommand(process.argv.slice(3)))}\n`);
  } catch (thrown) {
    process.stderr.write(readSecrets()(`baton ${process.argv[2]}: ${describeError(toError(thrown))}\n`));
    process.exitCode = 1;
  }
} else {
  await runService({ name: 'orchestrator', start: startOrchestrator });
}
