import { MOST_URGENCY, RUNGS, URGENCIES } from '@baton/contracts';
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
 * Which urgencies and rungs there are, from one to the next by the index: mostly one, so that is two looks and not sixteen. Of each
 * the next ones by the index, which ends at the first that is not due: so what is delayed or in work is not looked at, however
 * much there is of it. That holds only for a time that stands still while the statement runs. That they lie in a range tells the
 * planner, too, that they are few: else it reads the whole table for as many as it takes for possible.
 */
const THERE = (table: string): string => `recursive there(priority) as (
    (select priority from ${table} where queue = $1 order by priority limit 1)
    union all
    select (select m.priority from ${table} m where m.queue = $1 and m.priority > there.priority order by m.priority limit 1)
      from there where there.priority is not null)`;

/** @param firstRung the parameter that says it */
const NEXT = (table: string, firstRung: string): string => `
  select due.id, due.due_at
    from (select priority from there where priority between 0 and ${MOST_URGENCY}
           order by priority % ${URGENCIES}, (priority / ${URGENCIES} + ${RUNGS} - ${firstRung}::integer) % ${RUNGS}) as of
   cross join lateral (
     select id, due_at from ${table}
      where queue = $1 and priority = of.priority and due_at <= statement_timestamp() and job_id <> all ($2::text[])
      order by due_at, id limit $4 for update skip locked) as due
   limit ${UNWAITED}`;

/** @param alive the lock of the connection that hears what is handed over, where something shall be; see `postgres-takers.ts` */
export const takeStatement = (
  queue: string,
  { done, holder, want, leaseMs, waitMs = 0, firstRung = 0 }: Request,
  alive: number | null = null,
): pg.QueryConfig =>
  statement(
    queue,
    waitMs > 0 ? 'finish-take-and-wait' : 'finish-and-take',
    (table) => `with ${THERE(table)},
      gone as (delete from ${table} where queue = $1 and job_id = any($2::text[]) and holder = $3),
      next as (${NEXT(table, waitMs > 0 ? '$8' : '$6')})${waitMs > 0 ? `,\n      ${WAIT_FOR_MORE}` : ''}
    update ${table} m
       set holder = $3, due_at = statement_timestamp() + $5 * interval '1 millisecond',
           deliveries = least(m.deliveries, ${MOST}) + 1,
           stalls = least(m.stalls, ${MOST}) + case when m.holder is null then 0 else 1 end
      from next where m.id = next.id
    returning m.id as number, m.job_id as id, m.job_id as "jobId", m.name, m.data, m.priority, m.failures, m.deliveries, m.stalls,
              (extract(epoch from statement_timestamp()
                 - greatest(next.due_at, statement_timestamp() - ${LONGEST_WAIT})) * 1000)::float8 as "waitedMs"`,
    [queue, done, holder, want, leaseMs, ...(waitMs > 0 ? [waitMs, alive] : []), firstRung],
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
