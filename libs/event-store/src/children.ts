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
 * Of ten thousand children nearly all are at work, with their commands open: there is nothing to be done about them. So
 * what is open on both sides is compared first, by two indexes that hold nothing else. Of the few that are left the other table is
 * asked for one row at a time, by a subquery that Postgres may not turn into a join: it would read through all streams that
 * ever had a parent.
 */

/** Commands that ask for a run and have no open one: their child has not begun, or has ended. */
const WITHOUT_OPEN_CHILD = `without_open_child as materialized (
  select a.command_id from baton.command a where a.name = 'run'
     and not exists (select from baton.stream o
                      where o.parent_command = a.command_id and o.parent_command is not null and o.status = 0))`;

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
    `with ${WITHOUT_OPEN_CHILD}
     select ${COMMAND_COLUMNS} from without_open_child w join baton.command c on c.command_id = w.command_id
      where ${NOT_PARKED}
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
    `with ${WITHOUT_OPEN_CHILD}
     select c.command_id, c.run_id, s.run_id as child_id
       from without_open_child w join baton.command c on c.command_id = w.command_id cross join lateral (
         select e.run_id from baton.stream e where e.parent_command = c.command_id and e.status = 1 limit 1) s
      where ${NOT_PARKED} and ($2::smallint[] is null or c.lane = any($2::smallint[])) limit $1`,
    [limit, lanes],
  );
  return rows.map((row) => ({ commandId: row.command_id, runId: row.run_id, childId: row.child_id }));
}

/** Open runs whose parent no longer waits for them: it was cancelled, it failed, or its state ran out of time. */
export async function orphanedRuns(pool: Pool, limit: number): Promise<readonly RunId[]> {
  const rows = await query<{ run_id: string }>(
    pool,
    'orphaned-runs',
    // All of them at first: for the sake of a few it would ask for one row at a time.
    `with left_alone as materialized (
       select s.run_id from baton.stream s
        where s.parent_command is not null and s.status = 0
          and not exists (select from baton.command c where c.command_id = s.parent_command and c.name = 'run'))
     select run_id from left_alone limit $1`,
    [limit],
  );
  return rows.map(({ run_id }) => run_id);
}

/** Runs that a run asked for, and those that they asked for in turn. */
export async function nestedRuns(pool: Pool, runId: RunId): Promise<readonly RunId[]> {
  const rows = await query<{ run_id: string }>(
    pool,
    'nested-runs',
    `with recursive nested as (
       select s.run_id from baton.stream s where s.parent_command is not null and left(s.parent_command, 36) = $1
       union
       select s.run_id from nested n join baton.stream s
         on s.parent_command is not null and left(s.parent_command, 36) = n.run_id::text)
     select run_id from nested`,
    [runId],
  );
  return rows.map(({ run_id }) => run_id);
}
