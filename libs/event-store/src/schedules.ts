import {
  Actor,
  CatchUp,
  type CreateScheduleBody,
  type Firing,
  type JsonObject,
  Overlap,
  type RequestId,
  type RunId,
  ScheduledRun,
  ScheduleStatus,
  ScheduleTiming,
  storableText,
} from '@baton/contracts';
import type { Pool, PoolClient } from 'pg';
import { one, query } from './pool.js';

/** There are no more than so many: each that is due is looked at each second. */
export const MOST_SCHEDULES = 1_000;

/** A schedule as it stands in the database. */
export interface StoredSchedule extends Omit<CreateScheduleBody, 'endsAt'> {
  readonly scheduleId: string;
  readonly version: number;
  readonly status: ScheduleStatus;
  /** Why and since when it is stopped; null where it is not. */
  readonly stop: { readonly reason: string; readonly at: Date } | null;
  readonly endsAt: Date | null;
  readonly madeAt: Date;
  readonly decidedTo: Date;
  readonly createdBy: Actor;
}

/** As it is kept: one that is stopped rests. */
type KeptStatus = Exclude<ScheduleStatus, 'stopped'>;

interface Row {
  readonly schedule_id: string;
  readonly name: string;
  readonly version: number;
  readonly status: string;
  readonly timing: string;
  readonly run: string;
  readonly overlap: string;
  readonly catch_up: string;
  readonly jitter_seconds: number;
  readonly ends_at: Date | null;
  readonly made_at: Date;
  readonly decided_to: Date;
  readonly created_by: string;
  readonly stopped_for: string | null;
  readonly stopped_at: Date | null;
}

const COLUMNS = `s.schedule_id, s.name, s.version, s.status, s.timing, s.run, s.overlap, s.catch_up, s.jitter_seconds, s.ends_at, s.made_at,
  s.decided_to, s.created_by, s.stopped_for, s.stopped_at`;

const toSchedule = (row: Row): StoredSchedule => ({
  scheduleId: row.schedule_id,
  name: row.name,
  version: row.version,
  ...stateOf(row),
  timing: ScheduleTiming.parse(JSON.parse(row.timing)),
  run: ScheduledRun.parse(JSON.parse(row.run)),
  overlap: Overlap.parse(row.overlap),
  catchUp: CatchUp.parse(JSON.parse(row.catch_up)),
  jitterSeconds: row.jitter_seconds,
  endsAt: row.ends_at,
  madeAt: row.made_at,
  decidedTo: row.decided_to,
  createdBy: Actor.parse(JSON.parse(row.created_by)),
});

/** Why it was stopped counts for as long as it rests: a program that knows of no such stop may have had it work again. */
function stateOf(row: Row): Pick<StoredSchedule, 'status' | 'stop'> {
  if (row.status !== 'paused' || row.stopped_for === null || row.stopped_at === null)
    return { status: ScheduleStatus.parse(row.status), stop: null };
  return { status: 'stopped', stop: { reason: row.stopped_for, at: row.stopped_at } };
}

/** Makes a schedule. `exists`: its name is taken. `full`: there are as many as there may be. */
export async function storeSchedule(
  connection: Pool | PoolClient,
  schedule: CreateScheduleBody & { readonly madeAt: Date; readonly wakeAt: Date; readonly createdBy: Actor },
): Promise<StoredSchedule | 'exists' | 'full'> {
  const { name, timing, run, overlap, catchUp, jitterSeconds, endsAt, madeAt, wakeAt, createdBy } = schedule;
  const [row] = await query<Row>(
    connection,
    'store-schedule',
    `insert into baton.schedule as s (name, timing, run, overlap, catch_up, jitter_seconds, ends_at, made_at, decided_to, wake_at, created_by)
     select $1, $2::json, $3::json, $4, $5::json, $6, $7::timestamptz, $8::timestamptz, $8::timestamptz, $9::timestamptz, $10::json
      where (select count(*) from baton.schedule) < ${MOST_SCHEDULES}
     on conflict (name) do nothing returning ${COLUMNS}`,
    [
      name,
      JSON.stringify(timing),
      JSON.stringify(run),
      overlap,
      JSON.stringify(catchUp),
      jitterSeconds,
      endsAt ?? null,
      madeAt,
      wakeAt,
      JSON.stringify(createdBy),
    ],
  );
  if (row !== undefined) return toSchedule(row);
  return (await findSchedule(connection, name)) === null ? 'full' : 'exists';
}

/** By name: those that this program knows how to read, and the names of the others, which a newer one may have made. */
export async function listSchedules(
  pool: Pool,
): Promise<{ readonly schedules: readonly StoredSchedule[]; readonly unreadable: readonly string[] }> {
  const rows = await query<Row>(pool, 'list-schedules', `select ${COLUMNS} from baton.schedule s order by s.name`);
  const schedules: StoredSchedule[] = [];
  const unreadable: string[] = [];
  for (const row of rows) {
    const schedule = readable(row);
    if (schedule === null) unreadable.push(row.name);
    else schedules.push(schedule);
  }
  return { schedules, unreadable };
}

function readable(row: Row): StoredSchedule | null {
  try {
    return toSchedule(row);
  } catch {
    return null;
  }
}

/** `unreadable`: this program does not know how to read it. */
export async function findSchedule(
  connection: Pool | PoolClient,
  name: string,
): Promise<StoredSchedule | 'unreadable' | null> {
  const [row] = await query<Row>(
    connection,
    'find-schedule',
    `select ${COLUMNS} from baton.schedule s where s.name = $1`,
    [storableText(name)],
  );
  return row === undefined ? null : (readable(row) ?? 'unreadable');
}

/**
 * Has a schedule rest, or work again from `decidedTo` on: what was due before is decided with that.
 *
 * @returns null where it is not at this version any more
 */
export async function changeSchedule(
  connection: Pool | PoolClient,
  { scheduleId, version }: Pick<StoredSchedule, 'scheduleId' | 'version'>,
  change: {
    readonly status: KeptStatus;
    readonly decidedTo: Date;
    readonly wakeAt: Date | null;
    /** Who takes it over: its runs are started in their name from the begin of the transaction on. A key held in it is revoked later. */
    readonly owner?: Actor;
  },
): Promise<StoredSchedule | null> {
  const [row] = await query<Row>(
    connection,
    'change-schedule',
    `update baton.schedule s set version = s.version + 1, status = $3, decided_to = $4, wake_at = $5, stopped_for = null, stopped_at = null,
            created_by = coalesce($6::json, s.created_by),
            owned_since = case when $6::json is null then s.owned_since else now() end
      where s.schedule_id = $1 and s.version = $2 returning ${COLUMNS}`,
    [
      ...[scheduleId, version, change.status, change.decidedTo, change.wakeAt],
      change.owner === undefined ? null : JSON.stringify(change.owner),
    ],
  );
  return row === undefined ? null : toSchedule(row);
}

/**
 * Removes a schedule with what is known of its due times; its runs stay.
 *
 * @param version null: at whichever it is
 * @returns whether it was there, at this version
 */
export async function removeSchedule(
  connection: Pool | PoolClient,
  { scheduleId, version }: { readonly scheduleId: string; readonly version: number | null },
): Promise<boolean> {
  const rows = await query(
    connection,
    'remove-schedule',
    'delete from baton.schedule where schedule_id = $1 and ($2::int is null or version = $2) returning 1',
    [scheduleId, version],
  );
  return rows.length === 1;
}

/** One that somebody has to look at, and what decides about it. */
export interface DueSchedule extends StoredSchedule {
  /** Of which its request ids are made. */
  readonly key: string;
  readonly hasQueued: boolean;
  readonly queuedAt: Date | null;
  /** A run of it has not ended, or not begun. */
  readonly isBusy: boolean;
  readonly nowMs: number;
}

/** A run that was asked for and has not ended: its request waits, or its stream is open. Those started by hand are beside all else. */
const IS_BUSY = `exists (
  select from (select f.run_id, f.request_id from baton.schedule_firing f
                where f.schedule_id = s.schedule_id and f.outcome = 'started' and not f.is_manual
                order by f.due_at desc limit 50) as f
   where exists (select from baton.stream t where t.run_id = f.run_id and t.status <> 1)
      or exists (select from baton.inbox b where b.request_id = f.request_id))`;

// One that has ended, and of which one waits, wakes by itself no more.
const PLACE_AT = `coalesce(s.wake_at, 'infinity')`;

/** Where a schedule stands among those that are due. */
export interface PlaceInDue {
  readonly scheduleId: string;
  /** As text of the database. */
  readonly wakeAt: string;
}
const BEFORE_ALL: PlaceInDue = { wakeAt: '-infinity', scheduleId: '00000000-0000-0000-0000-000000000000' };

/** A row of a schedule that is due. Somebody else may have written it: whether it can be read is seen one by one. */
interface DueRow extends PlaceInDue {
  readonly name: string;
  /** @throws Error where this program cannot read it */
  readonly read: () => DueSchedule;
}

/** Schedules whose time has come, and those of which one waits for a run that has ended: so many at most, of those behind a place. */
export async function dueSchedules(
  pool: Pool,
  limit: number,
  { wakeAt, scheduleId }: PlaceInDue = BEFORE_ALL,
): Promise<readonly DueRow[]> {
  const rows = await query<
    Row & {
      key: string;
      has_queued: boolean;
      queued_at: Date | null;
      is_busy: boolean;
      now_ms: number;
      place_at: string;
    }
  >(
    pool,
    'due-schedules',
    `select ${COLUMNS}, s.key, s.has_queued, ${IS_BUSY} as is_busy,
            (select max(f.due_at) from baton.schedule_firing f where f.schedule_id = s.schedule_id and f.outcome = 'queued') as queued_at,
            floor(extract(epoch from statement_timestamp()) * 1000)::float8 as now_ms,
            ${PLACE_AT}::text as place_at
       from baton.schedule s
      where ((s.status = 'active' and s.wake_at <= statement_timestamp())
          or (s.has_queued and s.status <> 'paused' and not ${IS_BUSY}))
        and (${PLACE_AT}, s.schedule_id) > ($2::timestamptz, $3::uuid)
      order by ${PLACE_AT}, s.schedule_id limit $1`,
    [limit, wakeAt, scheduleId],
  );
  return rows.map((row) => ({
    scheduleId: row.schedule_id,
    wakeAt: row.place_at,
    name: row.name,
    read: () => ({
      ...toSchedule(row),
      key: row.key,
      hasQueued: row.has_queued,
      queuedAt: row.queued_at,
      isBusy: row.is_busy,
      nowMs: row.now_ms,
    }),
  }));
}

/** One due time that is decided, or several that were missed together. */
export interface FiringToWrite {
  readonly dueAt: Date;
  readonly untilAt: Date;
  readonly count: number;
  readonly outcome: Firing['outcome'];
  readonly request: { readonly requestId: RequestId; readonly runId: RunId; readonly message: JsonObject } | null;
}

/**
 * Writes down what became of due times, and asks for the runs. False where the schedule has changed meanwhile: then nothing is written. False
 * also where a run was to start that its maker may not start any more: then it is stopped.
 */
export async function fireSchedule(
  pool: Pool,
  seen: Pick<DueSchedule, 'scheduleId' | 'version' | 'decidedTo' | 'hasQueued'>,
  next: {
    readonly decidedTo: Date;
    readonly wakeAt: Date | null;
    readonly status: KeptStatus;
    readonly hasQueued: boolean;
    readonly firings: readonly FiringToWrite[];
  },
): Promise<boolean> {
  const { firings } = next;
  const rows = await query<{ ok: boolean }>(
    pool,
    'fire-schedule',
    'select baton.fire_schedule($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) as ok',
    [
      seen.scheduleId,
      seen.version,
      seen.decidedTo,
      seen.hasQueued,
      next.decidedTo,
      next.wakeAt,
      next.status,
      next.hasQueued,
      firings.map(({ dueAt }) => dueAt),
      firings.map(({ untilAt }) => untilAt),
      firings.map(({ count }) => count),
      firings.map(({ outcome }) => outcome),
      firings.map(({ request }) => request?.requestId ?? null),
      firings.map(({ request }) => request?.runId ?? null),
      firings.map(({ request }) => (request === null ? null : JSON.stringify(request.message))),
    ],
  );
  return one(rows, 'an answer').ok;
}
