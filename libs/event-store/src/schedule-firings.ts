import type { Firing, RequestId, RunId } from '@baton/contracts';
import type { Pool, PoolClient } from 'pg';
import { query } from './pool.js';

/** What became of a due time, and what is known of its run where no view of it is needed. */
export interface StoredFiring extends Omit<Firing, 'status' | 'reason'> {
  /** Its request waits: the run has not begun. */
  readonly isAccepted: boolean;
  /** Why the run could not begin, where that is so. */
  readonly refusal: string | null;
}

/** Newest first. */
export async function listFirings(pool: Pool, scheduleId: string, limit: number): Promise<readonly StoredFiring[]> {
  const rows = await query<{
    due_at: Date;
    until_at: Date;
    count: number;
    outcome: Firing['outcome'];
    is_manual: boolean;
    run_id: RunId | null;
    is_accepted: boolean;
    refusal: string | null;
  }>(
    pool,
    'schedule-firings',
    `select f.due_at, f.until_at, f.count, f.outcome, f.is_manual, f.run_id,
            exists (select from baton.inbox b where b.request_id = f.request_id) as is_accepted,
            (select l.reason from baton.dead_letter l
              where l.request_id = f.request_id and l.requeued_at is null order by l.id desc limit 1) as refusal
       from baton.schedule_firing f where f.schedule_id = $1 order by f.due_at desc, f.is_manual limit $2`,
    [scheduleId, limit],
  );
  return rows.map((row) => ({
    dueAt: row.due_at.toISOString(),
    untilAt: row.until_at.toISOString(),
    count: row.count,
    outcome: row.outcome,
    isManual: row.is_manual,
    runId: row.run_id,
    isAccepted: row.is_accepted,
    refusal: row.refusal,
  }));
}

/** Notes that somebody started a run of a schedule by hand. */
export async function noteManualStart(
  connection: Pool | PoolClient,
  started: { readonly scheduleId: string; readonly at: Date; readonly requestId: RequestId; readonly runId: RunId },
): Promise<void> {
  await query(
    connection,
    'note-manual-start',
    `insert into baton.schedule_firing (schedule_id, due_at, until_at, is_manual, outcome, request_id, run_id)
     values ($1, $2, $2, true, 'started', $3, $4) on conflict do nothing`,
    [started.scheduleId, started.at, started.requestId, started.runId],
  );
}
