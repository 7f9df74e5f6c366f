import type pg from 'pg';
import { LONGEST_WAIT_MS, type MessageStore, type TakenMessage } from './message-store.js';
import { MOST, type Queryable, statement } from './postgres-statement.js';
import { WAIT_FOR_MORE } from './postgres-takers.js';

type Request = Parameters<MessageStore['finishAndTake']>[1];

const LONGEST_WAIT = `interval '1 millisecond' * ${LONGEST_WAIT_MS}`;

/**
 * That a message is in work or done need not outlive a crash of the server: it comes once more then, as it does where its
 * holder is gone. So nobody waits for the disk; what was put in was waited for. Set where it is read in any case.
 */
const UNWAITED = `case when set_config('synchronous_commit', 'off', true) is not null then $4::int end`;

/*
 * Of each urgency the next ones by the index, which ends at the first that is not due: so what is delayed or in work is not
 * looked at, however much there is of it. That holds only for a time that stands still while the statement runs.
 */
const NEXT = (table: string): string => `
  select due.id, due.due_at
    from generate_series(0, 3) as of(priority)
   cross join lateral (
     select id, due_at from ${table}
      where queue = $1 and priority = of.priority and due_at <= statement_timestamp() and job_id <> all ($2::text[])
      order by due_at, id limit $4 for update skip locked) as due
   limit ${UNWAITED}`;

/** @param alive the lock of the connection that hears what is handed over, where something shall be; see `postgres-takers.ts` */
export const takeStatement = (
  queue: string,
  { done, holder, want, leaseMs, waitMs = 0 }: Request,
  alive: number | null = null,
): pg.QueryConfig =>
  statement(
    queue,
    waitMs > 0 ? 'finish-take-and-wait' : 'finish-and-take',
    (table) => `with gone as (delete from ${table} where queue = $1 and job_id = any($2::text[]) and holder = $3),
      next as (${NEXT(table)})${waitMs > 0 ? `,\n      ${WAIT_FOR_MORE}` : ''}
    update ${table} m
       set holder = $3, due_at = statement_timestamp() + $5 * interval '1 millisecond',
           deliveries = least(m.deliveries, ${MOST}) + 1,
           stalls = least(m.stalls, ${MOST}) + case when m.holder is null then 0 else 1 end
      from next where m.id = next.id
    returning m.id as number, m.job_id as id, m.job_id as "jobId", m.name, m.data, m.priority, m.failures, m.deliveries, m.stalls,
              (extract(epoch from statement_timestamp()
                 - greatest(next.due_at, statement_timestamp() - ${LONGEST_WAIT})) * 1000)::float8 as "waitedMs"`,
    [queue, done, holder, want, leaseMs, ...(waitMs > 0 ? [waitMs, alive] : [])],
  );

export async function finishAndTake(
  on: Queryable,
  queue: string,
  request: Request,
  alive: number | null = null,
): Promise<readonly TakenMessage[]> {
  const { rows } = await on.query<TakenMessage & { readonly number: string }>(takeStatement(queue, request, alive));
  return rows.toSorted((a, b) => Number(a.number) - Number(b.number));
}
