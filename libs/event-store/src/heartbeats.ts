import { type CommandId, SILENT_AFTER_MS } from '@baton/contracts';
import type { Pool } from 'pg';
import { query } from './pool.js';

/** A sign of life of whoever is at a command. */
interface Heartbeat {
  readonly commandId: CommandId;
  readonly dispatchNo: number;
  readonly waitSeconds?: number | undefined;
  /**
   * Null where it is proven to come from whoever was given the task. Otherwise a living worker has to say that it has it, and none
   * of these: they give proof of it.
   */
  readonly provers: readonly string[] | null;
}

/** The worker that says to have a command in work, the last one where there are several, by the row `c` of that. */
const HOLDER = `select w.worker_id from baton.task_work t join baton.worker w on w.worker_id = t.worker_id
   where t.command_id = c.command_id and t.ended_at is null and w.stopped_at is null and c.queue = 'worker-' || w.kind
     and w.seen_at > statement_timestamp() - $4 * interval '1 millisecond'
   order by t.begun_at desc limit 1`;

/**
 * The worker of a command is still at it: it may be silent for as long again, and `waitSeconds` more where the task has to
 * wait, as it was sent last. No row, no effect.
 *
 * @returns the worker that says to have it; null where it is not believed, or moves nothing
 */
export async function moveHeartbeat(pool: Pool, beat: Heartbeat): Promise<{ readonly holder: string | null } | null> {
  const { commandId, dispatchNo, waitSeconds = 0, provers } = beat;
  const isProven = provers === null;
  const rows = await query<{ holder: string | null }>(
    pool,
    isProven ? 'move-heartbeat' : 'move-heartbeat-unproven',
    `update baton.command c
        set heartbeat_deadline = greatest(c.heartbeat_deadline, statement_timestamp()
              + (c.heartbeat_seconds + case when c.dispatch_no = $2 then $3 else 0 end) * interval '1 second')
      where c.command_id = $1 and c.heartbeat_seconds is not null
        ${isProven ? '' : `and exists (select from (${HOLDER}) as held where held.worker_id <> all ($5::uuid[]))`}
      returning (${HOLDER}) as holder`,
    [commandId, dispatchNo, waitSeconds, SILENT_AFTER_MS, ...(isProven ? [] : [provers])],
  );
  return rows[0] ?? null;
}

/** Whether somebody waits for a sign of life of this command. */
export async function waitsForHeartbeat(pool: Pool, commandId: CommandId): Promise<boolean> {
  const rows = await query(
    pool,
    'waits-for-heartbeat',
    'select 1 from baton.command where command_id = $1 and heartbeat_seconds is not null',
    [commandId],
  );
  return rows.length > 0;
}
