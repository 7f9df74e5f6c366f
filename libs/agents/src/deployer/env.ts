import { isAbsolute } from 'node:path';
import { SandboxSetting } from '@baton/sandbox';
import { CountVariable, type EnvSource, readEnv } from '@baton/service-kit';
import { WorkerEnv } from '@baton/worker';
import { z } from 'zod';
import { HostList, NetworkEnv } from '../service/network-env.js';

const DeployerEnv = z.object({
  ...WorkerEnv.shape,
  /** One after the other: two commands at once could meet in one folder. */
  BATON_CONCURRENCY: CountVariable.default(1),
  BATON_SANDBOX: SandboxSetting.optional(),
  /** What commands may have: see `readCredentials`. */
  BATON_DEPLOY_ENV: z.string().optional(),
  /** The one folder of this machine that commands may write to. */
  BATON_DEPLOY_DIR: z.string().refine(isAbsolute, 'expected an absolute path').optional(),
  /** The only hosts that commands may reach, where a person approved it; without it none. */
  BATON_DEPLOY_HOSTS: HostList.default([]),
  /** Those of them that may have addresses of this machine's own network. */
  BATON_DEPLOY_OWN_NETWORK: HostList.default([]),
  ...NetworkEnv.shape,
  BATON_HOME: z.string().optional(),
  HOME: z.string().optional(),
});
export type DeployerEnv = z.output<typeof DeployerEnv>;

/** Throws `invalid-environment`. */
export const readDeployerEnv = (source: EnvSource = process.env): DeployerEnv => readEnv(DeployerEnv, source);

/** Where the variables are that BATON_DEPLOY_ENV names. */
export const credentialSource = (): EnvSource => process.env;
