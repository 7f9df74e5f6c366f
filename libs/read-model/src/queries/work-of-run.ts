import { type RunId, SILENT_AFTER_MS, type TaskDelivery, type TaskWork } from '@baton/contracts';
import { query } from '@baton/event-store';
import type { Pool } from 'pg';
import { z } from 'zod';

/** As many as anybody reads; a Map may have thousands. */
const MOST_TASKS = 100;
const MOST_DELIVERIES = 300;

const Body = z.object({ state: z.string(), attempt: z.int() });

interface TaskRow {
  readonly command_id: string;
  readonly kind: string;
  readonly message: string;
  readonly since: Date;
  readonly age_ms: number;
}

interface DeliveryRow {
  readonly command_id: string;
  readonly state: string;
  readonly kind: string;
  readonly is_open: boolean;
  readonly queued_ms: number | null;
  readonly dispatch_no: number;
  readonly worker_id: string;
  readonly host: string | null;
  readonly pid: number | null;
  readonly version: string | null;
  readonly begun_at: Date;
  readonly ended_at: Date | null;
  readonly beat_at: Date | null;
  readonly note: string | null;
  readonly status: TaskDelivery['status'];
  readonly work_ms: number;
}

interface KindRow {
  readonly kind: string;
  readonly is_alive: boolean;
  readonly since: Date;
}

/** Who works for a run: operational data, which says nothing about what a run decided, and may be incomplete. */
export interface WorkOfRun {
  /** Its open tasks, oldest first; the first hundred. */
  readonly work: readonly TaskWork[];
  /**
   * Deliveries that were lost: their worker died or lost touch, and the task was given to another, or up: then they have no
   * end. Oldest first.
   */
  readonly lost: readonly TaskDelivery[];
  /** Deliveries of tasks that are open no more: the newest hundred, oldest first. */
  readonly done: readonly TaskDelivery[];
}

export async function workOfRun(pool: Pool, runId: RunId): Promise<WorkOfRun> {
  const [tasks, rows] = await Promise.all([openTasks(pool, runId), deliveriesOf(pool, runId)]);
  const kinds = await kindsOf(pool, [...new Set(tasks.map(({ kind }) => kind))]);
  const work = tasks.map((task): TaskWork => {
    const own = rows.filter(({ command_id }) => command_id === task.command_id);
    const current = own.findLast(({ status }) => status === 'in-work');
    const kind = kinds.get(task.kind);
    const workMs = current === undefined ? null : current.work_ms;
    return {
      commandId: task.command_id,
      kind: task.kind,
      ...Body.parse(JSON.parse(task.message)),
      since: task.since.toISOString(),
      queuedMs: Math.max(0, Math.round(task.age_ms - sum(own.map(({ work_ms }) => work_ms)))),
      workMs,
      deliveries: own.map(toDelivery),
      hasWorker: kind?.is_alive === true,
      noWorkerSince: kind === undefined || kind.is_alive ? null : kind.since.toISOString(),
    };
  });
  const done = rows.filter(({ is_open, status }) => !is_open && status === 'ended').slice(-MOST_TASKS);
  // A task that ran into a limit while its worker was dead is asked for under another id: nobody else takes this one.
  const lost = rows
    .map((row): DeliveryRow => (!row.is_open && row.status === 'silent' ? { ...row, status: 'lost' } : row))
    .filter(({ status }) => status === 'lost');
  return { work, lost: lost.map(toDelivery), done: done.map(toDelivery) };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

const openTasks = (pool: Pool, runId: RunId): Promise<TaskRow[]> =>
  query<TaskRow>(
    pool,
    'open-tasks',
    `select c.command_id, substr(c.queue, 8) as kind, c.message, greatest(c.created_at, c.not_before) as since,
            (extract(epoch from statement_timestamp() - greatest(c.created_at, c.not_before)) * 1000)::float8 as age_ms
       from baton.command c where c.run_id = $1 and c.queue like 'worker-%' order by c.seq limit $2`,
    [runId, MOST_TASKS],
  );

/** The newest, oldest first. What nobody had a task for counts from when it was due, or from the end of the delivery before. */
const deliveriesOf = (pool: Pool, runId: RunId): Promise<DeliveryRow[]> =>
  query<DeliveryRow>(
    pool,
    'deliveries-of-run',
    `select w.command_id, w.state, w.kind, w.dispatch_no, w.worker_id, k.host, k.pid, nullif(k.version, '') as version, w.begun_at, w.ended_at, w.beat_at, w.note,
            exists (select from baton.command c where c.command_id = w.command_id) as is_open,
            greatest(0, round(extract(epoch from w.begun_at - greatest(w.due_at, w.before_at)) * 1000))::float8 as queued_ms,
            case when w.is_lost then 'lost' when w.ended_at is not null then 'ended'
                 when k.stopped_at is null and k.seen_at >= statement_timestamp() - $2 * interval '1 millisecond' then 'in-work'
                 else 'silent' end as status,
            greatest(0, round(extract(epoch from coalesce(w.ended_at, k.stopped_at, case when k.seen_at < statement_timestamp()
                 - $2 * interval '1 millisecond' then k.seen_at end, statement_timestamp()) - w.begun_at) * 1000))::float8 as work_ms
       from (select t.*, lag(t.ended_at) over (partition by t.command_id order by t.begun_at) as before_at
               from (select * from baton.task_work n where n.run_id = $1 order by n.begun_at desc limit $3) as t) as w
       left join baton.worker k on k.worker_id = w.worker_id
      order by w.begun_at`,
    [runId, SILENT_AFTER_MS, MOST_DELIVERIES],
  );

async function kindsOf(pool: Pool, kinds: readonly string[]): Promise<ReadonlyMap<string, KindRow>> {
  if (kinds.length === 0) return new Map();
  const rows = await query<KindRow>(
    pool,
    'kinds-alive',
    `select w.kind, max(coalesce(w.stopped_at, w.seen_at)) as since,
            bool_or(w.stopped_at is null and not w.is_draining and w.seen_at >= statement_timestamp() - $2 * interval '1 millisecond') as is_alive
       from baton.worker w where w.kind = any($1) group by w.kind`,
    [kinds, SILENT_AFTER_MS],
  );
  return new Map(rows.map((row) => [row.kind, row]));
}

const toDelivery = (row: DeliveryRow): TaskDelivery => ({
  commandId: row.command_id,
  state: row.state,
  kind: row.kind,
  dispatchNo: row.dispatch_no,
  workerId: row.worker_id,
  host: row.host,
  pid: row.pid,
  version: row.version,
  begunAt: row.begun_at.toISOString(),
  endedAt: row.ended_at?.toISOString() ?? null,
  queuedMs: row.queued_ms,
  workMs: row.work_ms,
  beatAt: row.beat_at?.toISOString() ?? null,
  note: row.note,
  status: row.status,
});
