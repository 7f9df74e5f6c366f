import { z } from 'zod';
import { DeploySection } from '../checks/deploy-section.js';

const Version = z.string().regex(/^[0-9a-f]{64}$/, 'expected the version of a workspace, a SHA-256');

/** The arguments of the deployer. `approval` is what the state that asked the person gave back. */
export const DeployArguments = z.strictObject({
  /** The version that is deployed. */
  tree: Version,
  /** The version whose tools file says how: what the run began from, since who is deployed does not write it. */
  base: Version.nullish(),
  /** How, where there is no base. */
  deploy: DeploySection.nullish(),
  approval: z.object({ approvalId: z.string().min(1).max(200), sha256: z.string() }).nullish(),
});
export type DeployArguments = z.output<typeof DeployArguments>;

/** Asks how something would be deployed, so that a person can be shown it. Nothing is run. */
export const ShowArguments = z.strictObject({
  show: z.literal(true),
  ...DeployArguments.pick({ base: true, deploy: true }).shape,
});
