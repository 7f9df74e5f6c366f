import 'reflect-metadata';
import { describeError, toError } from '@baton/contracts';
import { runService } from '@baton/service-kit';
import { migrateAll } from './migrate-all.js';
import { startOrchestrator } from './orchestrator.js';

/**
 * `node main.js` runs the service; `node main.js migrate` prepares the database and the queues, and ends: with code 77
 * (EX_NOPERM of sysexits.h) where all is prepared but the logins, which the user may not make.
 */
const EXIT_NO_LOGINS = 77;

if (process.argv[2] === 'migrate') {
  try {
    const refusal = await migrateAll();
    if (refusal !== null) {
      process.stderr.write(`baton migrate: ${refusal}\n`);
      process.exitCode = EXIT_NO_LOGINS;
    }
  } catch (thrown) {
    process.stderr.write(`baton migrate: ${describeError(toError(thrown))}\n`);
    process.exitCode = 1;
  }
} else {
  await runService({ name: 'orchestrator', start: startOrchestrator });
}
