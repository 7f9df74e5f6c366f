import { MOST_URGENCY } from '@baton/contracts';
import type { QueueFlow } from '../backend.js';
import { LONGEST_WAIT_MS } from './message-store.js';
import { type Queryable, statement } from './postgres-statement.js';
import { DONE } from './postgres-tables.js';

/** What is older is of no minute that is asked for, and goes. */
export async function noteDone(on: Queryable, queue: string, count: number): Promise<void> {
  await on.query({
    name: 'note-done',
    text: `with old as (delete from ${DONE} where queue = $1 and at < statement_timestamp() - interval '2 minutes')
      insert into ${DONE} (queue, count) values ($1, $2)`,
    values: [queue, count],
  });
}

/** Of each urgency the first by the index. */
export async function ownFlow(on: Queryable, queue: string): Promise<QueueFlow> {
  const { rows } = await on.query<{ oldest: number | null; done: number }>(
    statement(
      queue,
      'flow',
      (table) => `select
        (select (extract(epoch from max(statement_timestamp() - greatest(first.due_at,
                   statement_timestamp() - ${LONGEST_WAIT_MS} * interval '1 millisecond'))) * 1000)::float8
           from generate_series(0, ${MOST_URGENCY}) as of(priority)
          cross join lateral (
            select due_at from ${table}
             where queue = $1 and priority = of.priority and due_at <= statement_timestamp()
             order by due_at limit 1) as first) as oldest,
        (select least(coalesce(sum(count), 0), 2147483647)::int from ${DONE}
          where queue = $1 and at > statement_timestamp() - interval '1 minute') as done`,
      [queue],
    ),
  );
  return flowOf(rows[0]);
}

export const flowOf = (row: { readonly oldest: number | null; readonly done: number } | undefined): QueueFlow => ({
  oldestMs: row?.oldest == null ? null : Math.min(LONGEST_WAIT_MS, Math.max(0, Math.floor(row.oldest))),
  doneLastMinute: row?.done ?? 0,
});
