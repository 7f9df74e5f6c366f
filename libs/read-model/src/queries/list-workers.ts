import { Actor, JsonObject, SILENT_AFTER_MS, type WorkerView } from '@baton/contracts';
import { query } from '@baton/event-store';
import type { Pool } from 'pg';
import { slowWorkers, type WorkPace } from './slow-workers.js';

const MOST_WORKERS = 500;
/** Of each worker, the newest. */
const MOST_TASKS = 200;

interface WorkerRow {
  readonly worker_id: string;
  readonly kind: string;
  readonly description: string;
  readonly version: string;
  readonly host: string;
  readonly pid: number;
  readonly concurrency: number;
  readonly load: number;
  readonly started_at: Date;
  readonly seen_at: Date;
  readonly status: WorkerView['status'];
  readonly is_draining: boolean;
  readonly drain_asked_at: Date | null;
  readonly drain_asked_by: string | null;
  readonly input_schema: string | null;
  readonly output_schema: string | null;
}

/**
 * The workers that have announced themselves: those of the last day, and the last of each kind. By kind, alive ones first. One that
 * has said nothing for `silentAfterMs` milliseconds is silent.
 */
export async function listWorkers(pool: Pool, silentAfterMs = SILENT_AFTER_MS): Promise<readonly WorkerView[]> {
  const rows = await query<WorkerRow>(
    pool,
    'list-workers',
    `select w.worker_id, w.kind, w.description, w.version, w.host, w.pid, w.concurrency, w.load, w.started_at, w.seen_at,
            w.input_schema, w.output_schema, w.is_draining, w.drain_asked_at, w.drain_asked_by::text as drain_asked_by,
            case when w.stopped_at is not null then 'stopped'
                 when w.seen_at < statement_timestamp() - $1 * interval '1 millisecond' then 'silent'
                 else 'alive' end as status
       from baton.worker w
      order by w.kind, status, w.seen_at desc limit $2`,
    [silentAfterMs, MOST_WORKERS],
  );
  const atOdds = kindsAtOdds(rows);
  const slow = slowWorkers(await readPaces(pool, rows));
  return rows.map((row) => ({
    workerId: row.worker_id,
    kind: row.kind,
    description: row.description,
    version: row.version,
    host: row.host,
    pid: row.pid,
    concurrency: row.concurrency,
    // What a worker had that says nothing any more is not in work.
    load: row.status === 'alive' ? row.load : 0,
    status: row.status,
    isDraining: row.status === 'alive' && row.is_draining,
    drainAskedAt: row.drain_asked_at?.toISOString() ?? null,
    drainAskedBy: row.drain_asked_by === null ? null : Actor.parse(JSON.parse(row.drain_asked_by)),
    isAtOdds: takesTasks(row) && atOdds.has(row.kind),
    slow: slow.get(row.worker_id) ?? null,
    startedAt: row.started_at.toISOString(),
    seenAt: row.seen_at.toISOString(),
    input: schemaOf(row.input_schema),
    output: schemaOf(row.output_schema),
  }));
}

/** What workers that take tasks took for those that they ended within a day. What takes less than a tenth of a second is not told of. */
async function readPaces(pool: Pool, workers: readonly WorkerRow[]): Promise<readonly WorkPace[]> {
  const ids = workers.filter(takesTasks).map(({ worker_id }) => worker_id);
  if (ids.length < 2) return [];
  const rows = await query<{ worker_id: string; kind: string; state: string; tasks: number; median_ms: number }>(
    pool,
    'paces-of-workers',
    `select w.worker_id, w.kind, w.state, count(*)::int as tasks,
            percentile_cont(0.5) within group (order by extract(epoch from w.ended_at - w.begun_at) * 1000)::float8 as median_ms
       from unnest($1::uuid[]) as of(worker_id)
      cross join lateral (select t.worker_id, t.kind, t.state, t.begun_at, t.ended_at from baton.task_work t
                           where t.worker_id = of.worker_id and t.ended_at > statement_timestamp() - interval '1 day' and not t.is_lost
                           order by t.ordinal desc limit ${MOST_TASKS}) as w
      group by w.worker_id, w.kind, w.state`,
    [ids],
  );
  return rows.map(({ worker_id, median_ms, ...row }) => ({ ...row, workerId: worker_id, medianMs: median_ms }));
}

const takesTasks = ({ status, is_draining }: WorkerRow): boolean => status === 'alive' && !is_draining;

/** Of which several take tasks that say different things of what they take or give; who says nothing is at odds with nobody. */
function kindsAtOdds(rows: readonly WorkerRow[]): ReadonlySet<string> {
  const isDivided = (schemas: readonly (string | null)[]): boolean =>
    new Set(schemas.filter((schema) => schema !== null)).size > 1;
  const kinds = [...Map.groupBy(rows.filter(takesTasks), ({ kind }) => kind)].filter(
    ([, of]) => isDivided(of.map((row) => row.input_schema)) || isDivided(of.map((row) => row.output_schema)),
  );
  return new Set(kinds.map(([kind]) => kind));
}

const schemaOf = (text: string | null): JsonObject | null =>
  text === null ? null : JsonObject.parse(JSON.parse(text));

/** Those of the kinds of which a worker has ever announced itself. */
export async function knownKinds(pool: Pool, kinds: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await query<{ kind: string }>(
    pool,
    'known-kinds',
    'select distinct kind from baton.worker where kind = any($1)',
    [kinds],
  );
  return new Set(rows.map(({ kind }) => kind));
}
