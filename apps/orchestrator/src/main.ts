import 'reflect-metadata';
import { describeError, toError } from '@baton/contracts';
import { readSecrets, runService } from '@baton/service-kit';
import { migrateAll, provideAllLogins } from './migrate-all.js';
import { startOrchestrator } from './orchestrator.js';

/**
 * `node main.js` runs the service; `node main.js migrate` prepares the database and the queues, and ends: with code 77
 * (EX_NOPERM of sysexits.h) where all is prepared but the logins, which the user may not make. `node main.js logins` makes the
 * logins alone, for an administrator whom nothing else of the database is to belong to.
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
} else {
  await runService({ name: 'orchestrator', start: startOrchestrator });
}
