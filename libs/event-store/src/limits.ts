import { LimitPolicy } from '@baton/contracts';
import type { Pool } from 'pg';
import { one, query } from './pool.js';
import { limitsNeedOneLog, readShard } from './shards.js';

/** What may be under way at once, as it is in force. */
interface Limits {
  /** Null: there are none. */
  readonly policy: LimitPolicy | null;
  /** Goes up with each change. */
  readonly number: number;
  /** RFC 3339. */
  readonly changedAt: string;
}

export async function readLimits(pool: Pool): Promise<Limits> {
  const rows = await query<{ policy: string | null; number: number; changed_at: Date }>(
    pool,
    'read-limits',
    'select policy, number, changed_at from baton.limits',
  );
  const { policy, number, changed_at } = one(rows, 'the limits');
  return {
    policy: policy === null ? null : LimitPolicy.parse(JSON.parse(policy)),
    number,
    changedAt: changed_at.toISOString(),
  };
}

/**
 * Puts limits in force, from the next run and the next call of a model on: for the owner of the database. What is under way
 * goes on, and counts.
 *
 * @throws TerminalError `limits-need-one-log` where this is one of several
 */
export async function setLimits(pool: Pool, policy: LimitPolicy | null): Promise<number> {
  if (policy !== null && (await readShard(pool)).of > 1) throw limitsNeedOneLog();
  const rows = await query<{ number: number }>(pool, 'set-limits', 'select baton.set_limits($1::json) as number', [
    policy === null ? null : JSON.stringify(policy),
  ]);
  return one(rows, 'the limits').number;
}
