import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { MOST_URGENCY } from '@baton/contracts';
import { z } from 'zod';
import type { TakenMessage } from './message-store.js';
import type { Bells } from './postgres-bells.js';
import { type Queryable, statement } from './postgres-statement.js';
import { REGISTER, UNREGISTER } from './postgres-takers.js';

const AGAIN_AFTER_MS = 1_000;

const Told = z.tuple([z.string(), z.string(), z.string(), z.int(), z.int(), z.int(), z.int(), z.int()]);

/** What somebody else says there is nothing. */
function handedOver(text: string): readonly TakenMessage[] {
  try {
    const [id, name, data, priority, failures, deliveries, stalls, waitedMs] = Told.parse(JSON.parse(text));
    return [{ id, jobId: id, name, data, priority, failures, deliveries, stalls, waitedMs }];
  } catch {
    return [];
  }
}

/** What a holder has by the table. The lease of each ends in the future, so what waits is not looked at. */
export async function heldBy(on: Queryable, queue: string, holder: string): Promise<readonly TakenMessage[]> {
  const { rows } = await on.query<TakenMessage>(
    statement(
      queue,
      'held-by',
      (
        table,
      ) => `select m.job_id as id, m.job_id as "jobId", m.name, m.data, m.priority, m.failures, m.deliveries, m.stalls,
             0 as "waitedMs"
        from generate_series(0, ${MOST_URGENCY}) as of(priority)
       cross join lateral (
         select * from ${table}
          where queue = $1 and priority = of.priority and due_at > statement_timestamp() and holder = $2) as m
       order by m.id`,
      [queue, holder],
    ),
  );
  return rows;
}

/**
 * Has what is put in told to `take`, for as long as a look asked for it. A word is lost with the connection that listens, and may
 * be when the waiting ends: `heldBy` tells then what nobody heard of.
 */
export async function handOverTo(
  on: Queryable,
  bells: Bells,
  { queue, holder }: { readonly queue: string; readonly holder: string },
  take: (messages: readonly TakenMessage[]) => void,
  mayHaveMissed: () => void,
): Promise<() => Promise<void>> {
  const channel = `baton>${randomUUID()}`;
  let isOver = false;
  const register = async (): Promise<void> =>
    void (await on.query({ name: 'take-over', text: REGISTER, values: [queue, holder, channel, bells.alive] }));
  const again = async (): Promise<void> => {
    while (!isOver) {
      try {
        await register();
        return mayHaveMissed();
      } catch {
        await sleep(AGAIN_AFTER_MS, undefined, { ref: false });
      }
    }
  };
  let unhear = (): void => {};
  try {
    unhear = await bells.hear(
      channel,
      (text) => take(handedOver(text)),
      () => void again(),
    );
    await register();
  } catch (thrown) {
    isOver = true;
    unhear();
    throw thrown;
  }
  return async () => {
    isOver = true;
    // Where it fails the row says soon that nobody waits any more.
    await on.query({ name: 'take-over-no-more', text: UNREGISTER, values: [queue, holder] }).catch(() => {});
    unhear();
  };
}
