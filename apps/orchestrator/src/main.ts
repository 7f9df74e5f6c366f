import 'reflect-metadata';
import { describeError, toError } from '@baton/contracts';
import { readSecrets, runService } from '@baton/service-kit';
import { acceptLoss, migrateAll, provideAllLogins } from './migrate-all.js';
import { startOrchestrator } from './orchestrator.js';
import { producerCommand } from './producers/producer-command.js';

/**
 * `node main.js` runs the service; `node main.js migrate` prepares the database and the queues, and ends: with code 77
 * (EX_NOPERM of sysexits.h) where all is prepared but the logins, which the user may not make. `node main.js logins` makes the
 * logins alone, for an administrator whom nothing else of the database is to belong to. `node main.js producer …` makes, lists
 * and takes away the logins of producers outside, and `node main.js accept-loss` has hubs go on from a log that lost its end; both print
 * what came of it as JSON.
 */
const EXIT_NO_LOGINS = 77;

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
} else if (process.argv[2] === 'producer' || process.argv[2] === 'accept-loss') {
  const [, , what = '', ...args] = process.argv;
  try {
    const answer = what === 'producer' ? await producerCommand(args) : { accepted: await acceptLoss() };
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  } catch (thrown) {
    process.stderr.write(readSecrets()(`baton ${what}: ${describeError(toError(thrown))}\n`));
    process.exitCode = 1;
  }
} else {
  await runService({ name: 'orchestrator', start: startOrchestrator });
}
