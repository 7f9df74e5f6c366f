import { DBOS } from '@dbos-inc/dbos-sdk';
import { drive } from './driver.mjs';

/** A workflow of steps that do nothing, each of which DBOS records. */
const chain = DBOS.registerWorkflow(
  async (/** @type {number} */ steps) => {
    for (let step = 1; step <= steps; step += 1) await DBOS.runStep(async () => step, { name: `S${step}` });
  },
  { name: 'chain' },
);

await drive(async (systemDatabaseUrl) => {
  DBOS.setConfig({ name: 'bench', systemDatabaseUrl, logLevel: 'error' });
  await DBOS.launch();
  return { run: (steps) => chain(steps), stop: () => DBOS.shutdown() };
});
