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

/**
 * Whose rows are looked at: those of these lanes, and of all others what is older than `othersAfterMs`, since then its hub
 * should have come to it.
 */
export interface LaneScope {
  readonly lanes: readonly number[];
  readonly othersAfterMs: number;
}

/** A scope as a condition, with its values as the parameters from `place` on. All rows where there is none. */
export const inScope = (time: string, place: number, scope: LaneScope | undefined) => {
  if (scope === undefined) return { name: '', condition: '', values: [] };
  const { lanes, othersAfterMs } = scope;
  const isOwn = `c.lane = any($${place}::smallint[])`;
  const isOld = `${time} <= statement_timestamp() - $${place + 1} * interval '1 millisecond'`;
  return { name: '-of-lanes', condition: `and (${isOwn} or ${isOld})`, values: [lanes, othersAfterMs] };
};

export const COMMAND_COLUMNS = `c.seq, c.command_id, c.lane, c.run_id, c.queue, c.name, c.message, c.priority, c.not_before, c.deadline,
  c.dispatch_no, c.created_at, c.heartbeat_seconds,
  greatest(0, coalesce(extract(epoch from c.not_before - statement_timestamp()) * 1000, 0))::float8 as wait_ms`;

/** A run that was parked is left alone until it is released. */
export const NOT_PARKED = `not exists (select from baton.stream s where s.run_id = c.run_id and s.status = 2)`;

/**
 * Commands that were committed but lie beyond what their lane has sent: those of a process that died between commit and
 * dispatch are among them. By number, oldest first; only those committed so long ago, where that is said.
 */
export async function undispatchedCommands(
  pool: Pool,
  page: {
    readonly olderThanMs?: number;
    readonly afterSeq?: number;
    readonly limit: number;
    readonly scope?: LaneScope;
  },
): Promise<CommandRow[]> {
  const age = olderThan('c.created_at', 3, page.olderThanMs);
  const scope = inScope('c.created_at', 3 + age.values.length, page.scope);
  const rows = await query<CommandTableRow>(
    pool,
    `undispatched-commands${age.name}${scope.name}`,
    `select p.* from baton.lane l cross join lateral (
       select ${COMMAND_COLUMNS} from baton.command c
        where c.lane = l.lane and c.seq > greatest(l.dispatched_seq, $1) and c.queue is not null and ${NOT_PARKED}
          ${age.condition} ${scope.condition} order by c.seq limit $2) p
     order by p.seq limit $2`,
    [page.afterSeq ?? 0, page.limit, ...age.values, ...scope.values],
  );
  return rows.map(toCommand);
}

/** Commands in flight that have been due for dispatch for `olderThanMs`; all of them when it is absent. Of all lanes, or some. */
export async function outstandingCommands(
  pool: Pool,
  page: {
    readonly olderThanMs?: number;
    readonly afterSeq?: number;
    readonly limit: number;
    readonly lanes?: readonly number[] | undefined;
  },
): Promise<CommandRow[]> {
  const age = olderThan('greatest(c.created_at, c.not_before)', 4, page.olderThanMs);
  // Lane by lane, as the index has them: a page of all must not sort all that is out.
  const rows = await query<CommandTableRow>(
    pool,
    `outstanding-commands${age.name}`,
    `select p.* from baton.lane l cross join lateral (
       select ${COMMAND_COLUMNS} from baton.command c
        where c.lane = l.lane and c.seq > $1 and c.queue is not null and ${NOT_PARKED} ${age.condition}
        order by c.seq limit $2) p
      where $3::smallint[] is null or l.lane = any($3::smallint[])
      order by p.seq limit $2`,
    [page.afterSeq ?? 0, page.limit, page.lanes ?? null, ...age.values],
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
export async function commandsDue(pool: Pool, limit: number, scope?: LaneScope): Promise<readonly DueCommand[]> {
  const byDeadline = inScope('c.deadline', 2, scope);
  const byHeartbeat = inScope('c.heartbeat_deadline', 2, scope);
  const rows = await query<{ command_id: string; run_id: string; is_silent: boolean; is_overdue: boolean }>(
    pool,
    `commands-due${byDeadline.name}`,
    `select * from (
       (select c.command_id, c.run_id, false as is_silent,
               greatest(c.deadline, c.created_at) < statement_timestamp() - interval '10 seconds' as is_overdue from baton.command c
         where c.deadline <= statement_timestamp() and ${NOT_PARKED} ${byDeadline.condition} order by c.deadline limit $1)
       union all
       (select c.command_id, c.run_id, true,
               greatest(c.heartbeat_deadline, c.created_at) < statement_timestamp() - interval '10 seconds' from baton.command c
         where c.heartbeat_deadline <= statement_timestamp()
           and (c.deadline is null or c.deadline > statement_timestamp()) and ${NOT_PARKED} ${byHeartbeat.condition}
         order by c.heartbeat_deadline limit $1)) due
     limit $1`,
    [limit, ...byDeadline.values],
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
  {
    silentMs,
    limit,
    lanes,
  }: { readonly silentMs: number; readonly limit: number; readonly lanes?: readonly number[] | undefined },
): Promise<readonly { readonly commandId: CommandId; readonly runId: RunId }[]> {
  const rows = await query<{ command_id: string; run_id: string }>(
    pool,
    'commands-unadvised',
    `select c.command_id, c.run_id from baton.command c
      where c.queue = 'worker-advisor' and ${NOT_PARKED} and ($3::smallint[] is null or c.lane = any($3::smallint[]))
        and not exists (select from baton.worker w where w.kind = 'advisor'
                           and w.seen_at > clock_timestamp() - $1 * interval '1 millisecond'
                           and (w.drain_asked_at is null or not w.is_draining
                                or w.drain_asked_at > clock_timestamp() - $1 * interval '1 millisecond'))
      order by c.created_at limit $2`,
    [silentMs, limit, lanes ?? null],
  );
  return rows.map(({ command_id, run_id }) => ({ commandId: command_id, runId: run_id }));
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
