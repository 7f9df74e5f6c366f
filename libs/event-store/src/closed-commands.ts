import type { CommandId } from '@baton/contracts';
import type { Pool } from 'pg';
import { query } from './pool.js';

/** Why nobody waits for a command any more. `given-up`: a sibling failed, the run ended, or it is told no more. */
export type ClosedReason = 'cancelled' | 'time-up' | 'answered' | 'given-up';

/**
 * Those of the commands, at most a thousand, that nobody waits for any more, each with the reason. All that a worker may ask
 * about the log. Throws RetryableError `database-unreachable`.
 */
export async function closedCommands(
  pool: Pool,
  commandIds: readonly CommandId[],
): Promise<ReadonlyMap<CommandId, ClosedReason>> {
  const rows = await query<{ command_id: string; reason: ClosedReason }>(
    pool,
    'closed-commands',
    'select command_id, reason from baton.closed_commands($1)',
    [commandIds],
  );
  return new Map(rows.map(({ command_id, reason }) => [command_id, reason]));
}
