import { z } from 'zod';

/** How a workspace is put where it is used: a section of its tools file, or what a workflow says where there is no such file. */
export const DeploySection = z.strictObject({
  command: z.string().min(1, 'is empty').max(2_000),
  timeoutSeconds: z.int('must be a whole number of seconds, from 1 to 3600').min(1).max(3_600).default(600),
  /** The only hosts it may reach, where the operator allows them, too. */
  hosts: z
    .array(z.string().regex(/^(?:[a-z0-9-]+\.)*[a-z0-9-]+(?::\d{1,5})?$/, 'must be the name of a host'))
    .max(20)
    .default([]),
  /** The names of the variables that it is to have of what the operator keeps for the deployer. */
  env: z
    .array(z.string().regex(/^[A-Za-z_]\w{0,99}$/, 'must be the name of a variable'))
    .max(50)
    .default([]),
  /** Whether it does the same when it is run again, so that it may be, where nobody knows how it ended. */
  idempotent: z.boolean().default(false),
});
export type DeploySection = z.output<typeof DeploySection>;
