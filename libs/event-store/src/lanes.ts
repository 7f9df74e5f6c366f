import type { Pool } from 'pg';
import { query } from './pool.js';

/** The right of one orchestrator process to append. `fence` ends the rights of whoever held the lane before. */
export interface Lane {
  readonly lane: number;
  readonly fence: number;
  /** What the lane had sent to the queues when it was claimed. */
  readonly dispatchedSeq: number;
}

/** Claims a lane that is free or whose lease ran out; null when all are held. */
export async function claimLane(pool: Pool, owner: string, ttlMs: number): Promise<Lane | null> {
  const rows = await query<{ lane: number; fence: number; dispatched_seq: number }>(
    pool,
    'claim-lane',
    'select lane, fence, dispatched_seq from baton.claim_lane($1, $2)',
    [owner, ttlMs],
  );
  const [row] = rows;
  return row === undefined ? null : { lane: row.lane, fence: row.fence, dispatchedSeq: row.dispatched_seq };
}

/** @returns false when the lane has another holder by now */
export async function renewLane(pool: Pool, lane: Pick<Lane, 'lane' | 'fence'>, ttlMs: number): Promise<boolean> {
  const rows = await query<{ renewed: boolean }>(pool, 'renew-lane', 'select baton.renew_lane($1, $2, $3) as renewed', [
    lane.lane,
    lane.fence,
    ttlMs,
  ]);
  return rows[0]?.renewed === true;
}

/** Lets the lease run out now, so that the next process need not wait for it. */
export async function releaseLane(pool: Pool, lane: Pick<Lane, 'lane' | 'fence'>): Promise<void> {
  await renewLane(pool, lane, 0);
}

/** Saves what the lane has sent, without an append: for quiet times. */
export async function saveDispatched(pool: Pool, lane: Lane, seq: number): Promise<void> {
  await query(pool, 'save-dispatched', 'select baton.save_dispatched($1, $2, $3)', [lane.lane, lane.fence, seq]);
}

/** Lanes with tasks that are out, and whose lease has run out or will not last for so long: their process is slow or gone. */
export async function lanesLeftBehind(pool: Pool, lastsMs: number): Promise<readonly number[]> {
  const rows = await query<{ lane: number }>(
    pool,
    'lanes-left-behind',
    `select l.lane from baton.lane l
      where l.lease_until <= statement_timestamp() + $1 * interval '1 millisecond'
        and (select 1 from baton.command c where c.lane = l.lane and c.queue is not null limit 1) is not null`,
    [lastsMs],
  );
  return rows.map(({ lane }) => lane);
}

/** The lanes that are leased now. */
export async function heldLanes(pool: Pool): Promise<readonly number[]> {
  const rows = await query<{ lane: number }>(
    pool,
    'held-lanes',
    'select lane from baton.lane where lease_until > statement_timestamp()',
  );
  return rows.map(({ lane }) => lane);
}

/** A lane as it stands: whether its lease will still last for so long, so that its process was heard of lately; and who holds it. */
export interface ListedLane {
  readonly lane: number;
  readonly fence: number;
  readonly owner: string | null;
  readonly isHeld: boolean;
}

export async function listLanes(pool: Pool, lastsMs: number): Promise<readonly ListedLane[]> {
  const rows = await query<{ lane: number; fence: number; owner: string | null; is_held: boolean }>(
    pool,
    'list-lanes',
    `select lane, fence, owner, lease_until > statement_timestamp() + $1 * interval '1 millisecond' as is_held
       from baton.lane order by lane`,
    [lastsMs],
  );
  return rows.map(({ is_held, ...lane }) => ({ ...lane, isHeld: is_held }));
}
