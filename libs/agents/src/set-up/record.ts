import type { ProxyReport } from '@baton/outbound';
import { ExecutionRecord } from '@baton/sandbox';
import { z } from 'zod';

const HostProblem = z.object({ host: z.string(), reason: z.string(), times: z.int().positive() });

/** What a command reached through the one way out, `host:port`, with what went there and came, and what it asked for in vain. */
export const NetworkRecord = z.object({
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
export type NetworkRecord = z.infer<typeof NetworkRecord>;

export const networkRecordOf = ({ reached, refused, unreachable }: ProxyReport): NetworkRecord => ({
  hosts: [...reached],
  refused: [...refused],
  unreachable: [...unreachable],
});

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
  ...NetworkRecord.shape,
});
export type SetUpRecord = z.infer<typeof SetUpRecord>;
