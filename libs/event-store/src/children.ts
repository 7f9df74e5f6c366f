import type { CommandId, RunId } from '@baton/contracts';
import type { Pool } from 'pg';
import type { CommandRow } from './batch.js';
import {
  COMMAND_COLUMNS,
  type CommandTableRow,
  inScope,
  type LaneScope,
  NOT_PARKED,
  olderThan,
  toCommand,
} from './commands.js';
import { query } from './pool.js';

/*
 * A command named `run` asks for a child run, whose stream names that command. What is still to be done about children
 * can be read from the two tables at any time, so no message between parent and child has to be kept.
 *
 * The other table is asked for one row at a time, by a subquery that Postgres may not turn into a join: it would read through
 * all streams that ever had a parent, for the sake of the few that are looked for.
 */

/** Commands that ask for a run which has not begun, committed at least so long ago. */
export async function childrenToStart(
  pool: Pool,
  page: { readonly olderThanMs: number; readonly limit: number; readonly scope?: LaneScope },
): Promise<CommandRow[]> {
  const age = olderThan('c.created_at', 2, page.olderThanMs);
  const scope = inScope('c.created_at', 3, page.scope);
  const rows = await query<CommandTableRow>(
    pool,
    `children-to-start${age.name}${scope.name}`,
    `select ${COMMAND_COLUMNS} from baton.command c
      where c.name = 'run' and ${NOT_PARKED}
        and (select 1 from baton.stream s where s.parent_command = c.command_id limit 1) is null
        ${age.condition} ${scope.condition}
      order by c.command_id limit $1`,
    [page.limit, ...age.values, ...scope.values],
  );
  return rows.map(toCommand);
}

/** Commands whose child run has ended, while they still wait for it. Of all lanes, or some. */
export async function childrenEnded(
  pool: Pool,
  limit: number,
  lanes: readonly number[] | null = null,
): Promise<readonly { readonly commandId: CommandId; readonly runId: RunId; readonly childId: RunId }[]> {
  const rows = await query<{ command_id: string; run_id: string; child_id: string }>(
    pool,
    'children-ended',
    `select c.command_id, c.run_id, s.run_id as child_id
       from baton.command c cross join lateral (
         select e.run_id from baton.stream e where e.parent_command = c.command_id and e.status = 1 limit 1) s
      where c.name = 'run' and ${NOT_PARKED} and ($2::smallint[] is null or c.lane = any($2::smallint[])) limit $1`,
    [limit, lanes],
  );
  return rows.map((row) => ({ commandId: row.command_id, runId: row.run_id, childId: row.child_id }));
}

/** Open runs whose parent no longer waits for them: it was cancelled, it failed, or its state ran out of time. */
export async function orphanedRuns(pool: Pool, limit: number): Promise<readonly RunId[]> {
  const rows = await query<{ run_id: string }>(
    pool,
    'orphaned-runs',
    `select s.run_id from baton.stream s
      where s.parent_command is not null and s.status = 0
        and (select 1 from baton.command c where c.command_id = s.parent_command) is null limit $1`,
    [limit],
  );
  return rows.map(({ run_id }) => run_id);
}
