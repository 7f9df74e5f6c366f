import 'reflect-metadata';
import { describeError, toError } from '@baton/contracts';
import { runService } from '@baton/service-kit';
import { migrateAll } from './migrate-all.js';
import { startOrchestrator } from './orchestrator.js';

/** `node main.js` runs the service; `node main.js migrate` prepares the database and the queues, and ends. */
if (process.argv[2] === 'migrate') {
  try {
    await migrateAll();
  } catch (thrown) {
    process.stderr.write(`baton migrate: ${describeError(toError(thrown))}\n`);
    process.exitCode = 1;
  }
} else {
  await runService({ name: 'orchestrator', start: startOrchestrator });
}
