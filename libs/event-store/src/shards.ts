import { ONLY_SHARD, type Shard, TerminalError } from '@baton/contracts';
import type { Pool, PoolClient } from 'pg';
import { inTransaction } from './in-transaction.js';
import { one, query } from './pool.js';

/** Which of all shards this log is; the only one, where nothing else was said before its first event. */
export async function readShard(pool: Pool | PoolClient): Promise<Shard> {
  const sql = 'select number, shards from baton.log_shard';
  const { number, shards } = one(
    await query<{ number: number; shards: number }>(pool, 'read-shard', sql),
    'the share of the log',
  );
  return { number, of: shards };
}

/**
 * Makes the log one of several: for the owner of the database, before anything is in it. From then on it is the same for ever:
 * ids of runs say where they are, and nobody could tell those that were given out before.
 *
 * @throws TerminalError `wrong-shard` where it is another one already, `log-has-begun`, `limits-need-one-log`
 */
export async function setShard(pool: Pool, shard: Shard): Promise<void> {
  await inTransaction(pool, async (client) => {
    // What is appended or accepted meanwhile is before this or after it.
    await query(client, 'hold-log', 'select from baton.log for update');
    await query(client, 'hold-inbox', 'lock table baton.inbox in share row exclusive mode');
    const found = await readShard(client);
    if (isSame(found, shard)) return;
    if (!isSame(found, ONLY_SHARD)) throw wrongShard(found, shard);
    const sql = `select l.head > 0 or exists (select from baton.inbox) as has_begun,
                        (select m.policy is not null from baton.limits m) as has_limits from baton.log l`;
    const rows = await query<{ has_begun: boolean; has_limits: boolean }>(client, 'log-begun', sql);
    const { has_begun: hasBegun, has_limits: hasLimits } = one(rows, 'the log');
    if (hasBegun) {
      throw new TerminalError(`This log has begun as the only one, and cannot become ${named(shard)}.`, {
        code: 'log-has-begun',
        next: 'Give each shard a database that is empty; runs that are there stay where they are. See "More than one log" in docs/operating.md.',
      });
    }
    if (hasLimits) throw limitsNeedOneLog();
    const change = 'update baton.log_shard set number = $1, shards = $2';
    await query(client, 'set-shard', change, [shard.number, shard.of]);
  });
}

/**
 * @param expected what the environment says; null where it says nothing
 * @returns what the log is
 * @throws TerminalError `wrong-shard`
 */
export async function assertShard(pool: Pool, expected: Shard | null): Promise<Shard> {
  const found = await readShard(pool);
  if (expected !== null && !isSame(found, expected)) throw wrongShard(found, expected);
  return found;
}

const isSame = (a: Shard, b: Shard): boolean => a.number === b.number && a.of === b.of;

const named = ({ number, of }: Shard): string => (of === 1 ? 'the only log' : `shard ${number} of ${of}`);

const wrongShard = (found: Shard, expected: Shard): TerminalError =>
  new TerminalError(`The log is ${named(found)}, and not ${named(expected)}, as it should be.`, {
    code: 'wrong-shard',
    next: 'BATON_LOG_SHARDS and BATON_LOG_SHARD must say what they said when this database was prepared, or DATABASE_URL must lead to another one.',
  });

/** A limit is counted in one database, so over several logs each would let in as much as all of them may have. */
export const limitsNeedOneLog = (): TerminalError =>
  new TerminalError('Limits are counted in one log, and this one is a shard of several.', {
    code: 'limits-need-one-log',
    next: 'Leave BATON_LIMITS out, and clear those that are in force: `baton limits clear`.',
  });
