import { ExecutionRecord } from '@baton/sandbox';
import { z } from 'zod';

const HostProblem = z.object({ host: z.string(), reason: z.string(), times: z.int().positive() });

/**
 * The evidence that stays of a set-up: how what the checks were given was made. Of an outcome that was kept it is the record
 * of when it was made.
 */
export const SetUpRecord = z.object({
  command: z.string(),
  /** Names the outcome by all that went into it. */
  key: z.string(),
  from: z.enum(['run', 'cache', 'nothing']),
  execution: ExecutionRecord.nullable(),
  /** What it reached, `host:port`, and what went there and came. */
  hosts: z.array(
    z.object({
      host: z.string(),
      connections: z.int().nonnegative(),
      sentBytes: z.int().nonnegative(),
      receivedBytes: z.int().nonnegative(),
    }),
  ),
  refused: z.array(HostProblem),
  unreachable: z.array(HostProblem),
});
export type SetUpRecord = z.infer<typeof SetUpRecord>;
