import { type CommandId, JsonObject, type RunId } from '@baton/contracts';
import type { Pool } from 'pg';
import type { CommandRow } from './batch.js';
import { query } from './pool.js';

export interface CommandTableRow {
  readonly seq: number;
  readonly command_id: string;
  readonly lane: number;
  readonly run_id: string;
  readonly queue: string | null;
  readonly name: string;
  readonly message: string;
  readonly priority: number;
  readonly not_before: Date | null;
  readonly deadline: Date | null;
  readonly dispatch_no: number;
  readonly heartbeat_seconds: number | null;
  readonly created_at: Date;
  readonly wait_ms: number;
}

/*
 * One clock: a time in a table is compared with the database's own, never with that of a process. `statement_timestamp()`
 * and not `clock_timestamp()`, which may not be looked up in an index.
 */

/**
 * That a time lies at least so many milliseconds back, as the condition that ends a statement's others, with its value as
 * the parameter at `place`. Where no age is asked for, nothing is: then it is another statement, with a plan and a name of
 * its own.
 */
export const olderThan = (time: string, place: number, ms: number | undefined) =>
  ms === undefined
    ? { name: '', condition: '', values: [] }
    : {
        name: '-of-age',
        condition: `and ${time} <= statement_timestamp() - $${place} * interval '1 millisecond'`,
        values: [ms],
      };

export const COMMAND_COLUMNS = `c.seq, c.command_id, c.lane, c.run_id, c.queue, c.name, c.message, c.priority, c.not_before, c.deadline,
  c.dispatch_no, c.created_at, c.heartbeat_seconds,
  greatest(0, coalesce(extract(epoch from c.not_before - statement_timestamp()) * 1000, 0))::float8 as wait_ms`;

/** A run that was parked is left alone until it is released. */
export const NOT_PARKED = `not exists (select from baton.stream s where s.run_id = c.run_id and s.status = 2)`;

/**
 * Commands that were committed but lie beyond what their lane has sent, of every lane: those of a process that died
 * between commit and dispatch are among them. By number, oldest first; only those committed so long ago, where that is said.
 */
export async function undispatchedCommands(
  pool: Pool,
  page: { readonly olderThanMs?: number; readonly afterSeq?: number; readonly limit: number },
): Promise<CommandRow[]> {
  const age = olderThan('c.created_at', 3, page.olderThanMs);
  const rows = await query<CommandTableRow>(
    pool,
    `undispatched-commands${age.name}`,
    `select ${COMMAND_COLUMNS} from baton.command c join baton.lane l on l.lane = c.lane and c.seq > l.dispatched_seq
      where c.queue is not null and c.seq > $1 and ${NOT_PARKED} ${age.condition} order by c.seq limit $2`,
    [page.afterSeq ?? 0, page.limit, ...age.values],
  );
  return rows.map(toCommand);
}

/** Commands in flight that have been due for dispatch for `olderThanMs`; all of them when it is absent. */
export async function outstandingCommands(
  pool: Pool,
  page: { readonly olderThanMs?: number; readonly afterSeq?: number; readonly limit: number },
): Promise<CommandRow[]> {
  const age = olderThan('greatest(c.created_at, c.not_before)', 3, page.olderThanMs);
  const rows = await query<CommandTableRow>(
    pool,
    `outstanding-commands${age.name}`,
    `select ${COMMAND_COLUMNS} from baton.command c
      where c.seq > $1 and c.queue is not null and ${NOT_PARKED} ${age.condition}
      order by c.seq limit $2`,
    [page.afterSeq ?? 0, page.limit, ...age.values],
  );
  return rows.map(toCommand);
}

export interface DueCommand {
  readonly commandId: CommandId;
  readonly runId: RunId;
  /** Its time is not up; its worker was silent for too long. */
  readonly isSilent: boolean;
  /** Nobody has come to it for so long that a process may have ended over it. */
  readonly isOverdue: boolean;
}

/** Commands whose deadline has passed: tasks whose time is up or whose worker is silent, and timers. */
export async function commandsDue(pool: Pool, limit: number): Promise<readonly DueCommand[]> {
  const rows = await query<{ command_id: string; run_id: string; is_silent: boolean; is_overdue: boolean }>(
    pool,
    'commands-due',
    `select * from (
       (select c.command_id, c.run_id, false as is_silent,
               greatest(c.deadline, c.created_at) < statement_timestamp() - interval '10 seconds' as is_overdue from baton.command c
         where c.deadline <= statement_timestamp() and ${NOT_PARKED} order by c.deadline limit $1)
       union all
       (select c.command_id, c.run_id, true,
               greatest(c.heartbeat_deadline, c.created_at) < statement_timestamp() - interval '10 seconds' from baton.command c
         where c.heartbeat_deadline <= statement_timestamp()
           and (c.deadline is null or c.deadline > statement_timestamp()) and ${NOT_PARKED}
         order by c.heartbeat_deadline limit $1)) due
     limit $1`,
    [limit],
  );
  return rows.map((row) => ({
    commandId: row.command_id,
    runId: row.run_id,
    isSilent: row.is_silent,
    isOverdue: row.is_overdue,
  }));
}

/**
 * Questions to the advisor while nobody advises: each of that kind has stopped or been silent for so long, which is no longer
 * a start or a moment's silence. Nothing where anybody does.
 */
export async function commandsUnadvised(
  pool: Pool,
  { silentMs, limit }: { readonly silentMs: number; readonly limit: number },
): Promise<readonly { readonly commandId: CommandId; readonly runId: RunId }[]> {
  const rows = await query<{ command_id: string; run_id: string }>(
    pool,
    'commands-unadvised',
    `select c.command_id, c.run_id from baton.command c
      where c.queue = 'worker-advisor' and ${NOT_PARKED}
        and not exists (select from baton.worker w where w.kind = 'advisor'
                           and w.seen_at > clock_timestamp() - $1 * interval '1 millisecond')
      order by c.created_at limit $2`,
    [silentMs, limit],
  );
  return rows.map(({ command_id, run_id }) => ({ commandId: command_id, runId: run_id }));
}

/**
 * The worker of a command is still at it: it may be silent for as long again, and `waitSeconds` more where the task has to
 * wait. No row, no effect.
 */
export async function moveHeartbeat(pool: Pool, commandId: CommandId, waitSeconds = 0): Promise<void> {
  await query(
    pool,
    'move-heartbeat',
    `update baton.command c
        set heartbeat_deadline = greatest(c.heartbeat_deadline, statement_timestamp() + (c.heartbeat_seconds + $2) * interval '1 second')
      where c.command_id = $1 and c.heartbeat_seconds is not null`,
    [commandId, waitSeconds],
  );
}

/** Counts up how often a command was sent under a new job id; null when it has been settled, or counted up from `from` meanwhile. */
export async function bumpDispatch(pool: Pool, commandId: CommandId, from: number): Promise<number | null> {
  const rows = await query<{ dispatch_no: number }>(
    pool,
    'bump-dispatch',
    `update baton.command set dispatch_no = dispatch_no + 1 where command_id = $1 and dispatch_no = $2
     returning dispatch_no`,
    [commandId, from],
  );
  return rows[0]?.dispatch_no ?? null;
}

export const toCommand = (row: CommandTableRow): CommandRow => ({
  seq: row.seq,
  commandId: row.command_id,
  runId: row.run_id,
  lane: row.lane,
  queue: row.queue,
  name: row.name,
  message: JsonObject.parse(JSON.parse(row.message)),
  priority: row.priority,
  notBefore: row.not_before?.toISOString() ?? null,
  deadline: row.deadline?.toISOString() ?? null,
  dispatchNo: row.dispatch_no,
  heartbeatSeconds: row.heartbeat_seconds,
  createdAt: row.created_at.toISOString(),
  waitMs: row.wait_ms,
});
