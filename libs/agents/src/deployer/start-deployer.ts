import { tmpdir } from 'node:os';
import type { EnvSource, RunningService, ServiceContext } from '@baton/service-kit';
import { startWorker, type WorkerOptions } from '@baton/worker-service';
import { findingSandbox } from '../service/finding-sandbox.js';
import { networkSettings } from '../service/network-env.js';
import { observedSandbox } from '../service/observed-sandbox.js';
import { tellSandbox } from '../service/tell-sandbox.js';
import { findToolchain } from '../validator/tools/tool-files.js';
import { readCredentials } from './credentials.js';
import { deployer } from './deploy.js';
import { credentialSource, type DeployerEnv } from './env.js';
import { openTarget } from './target-folder.js';

const KIND = 'deployer';

/** The service of the deployer: no model, no prompt, and what the operator keeps for deployments. Throws what `startWorker` throws. */
export async function startDeployer(
  module: WorkerOptions['module'],
  context: ServiceContext,
  env: DeployerEnv,
  source: EnvSource = credentialSource(),
): Promise<RunningService> {
  const credentials = await readCredentials(env.BATON_DEPLOY_ENV, source);
  const target = env.BATON_DEPLOY_DIR ?? null;
  if (target !== null) await openTarget(target);
  const hidden = [env.BATON_HOME, env.HOME].filter((folder) => folder !== undefined);
  const sandbox = findingSandbox({ setting: env.BATON_SANDBOX, hidden });
  const toolchain = await findToolchain();
  const network = { ...networkSettings(env, env.BATON_DEPLOY_OWN_NETWORK), allowed: env.BATON_DEPLOY_HOSTS };
  const service = await startWorker(
    {
      kind: KIND,
      description: 'Runs the deploy command of a workspace, once for each approval of a person.',
      module,
      createHandler: async ({ blobs: store, deployments, metrics, log, now }) =>
        deployer({
          ...{ credentials, deployments, log, network, now, store, target, toolchain },
          sandbox: observedSandbox(sandbox, metrics),
          tmpDir: tmpdir(),
        }),
    },
    context,
    env,
  );
  tellSandbox(context, await sandbox());
  return service;
}
