import type { NewMessage } from '../backend.js';
import type { MessageStore } from './message-store.js';
import type { Bells } from './postgres-bells.js';
import { noteDone, ownFlow } from './postgres-flow.js';
import { handOverTo, heldBy } from './postgres-hand-over.js';
import { MOST, type Queryable, statement } from './postgres-statement.js';
import { channelOf } from './postgres-tables.js';
import { finishAndTake } from './postgres-take.js';
import { PUT_ONE_STATEMENT } from './postgres-takers.js';

/** One that is due at once goes to who waits for it; of several a request brings all of them. */
async function push(on: Queryable, queue: string, rows: readonly NewMessage[]): Promise<void> {
  const [first, second] = rows;
  if (first !== undefined && second === undefined && first.delayMs <= 0) {
    const { jobId, name, data, priority } = first;
    await on.query({
      name: 'put-one',
      text: PUT_ONE_STATEMENT,
      values: [queue, jobId, name, data, priority, channelOf(queue)],
    });
    return;
  }
  await on.query(
    statement(
      queue,
      'push',
      (table) => `with put as (
        insert into ${table} (queue, job_id, name, data, priority, due_at)
        select $1, j.id, j.name, j.data, j.priority, statement_timestamp() + j.delay * interval '1 millisecond'
          from unnest($2::text[], $3::text[], $4::text[], $5::smallint[], $6::float8[]) as j(id, name, data, priority, delay)
        on conflict (queue, job_id) do nothing)
      select pg_notify($7, wait) from unnest($8::text[]) as w(wait)`,
      [
        queue,
        rows.map(({ jobId }) => jobId),
        rows.map(({ name }) => name),
        rows.map(({ data }) => data),
        rows.map(({ priority }) => priority),
        rows.map(({ delayMs }) => delayMs),
        channelOf(queue),
        ringsAfter(rows.map(({ delayMs }) => delayMs)),
      ],
    ),
  );
}

/** What the bell says: nothing for what is due at once, and after how many milliseconds it shall ring for what is not. */
function ringsAfter(delaysMs: readonly number[]): readonly string[] {
  const later = delaysMs.filter((ms) => ms > 0);
  return [...(later.length < delaysMs.length ? [''] : []), ...(later.length > 0 ? [String(Math.min(...later))] : [])];
}

async function renew(
  on: Queryable,
  queue: string,
  { holder, ids, leaseMs }: { readonly holder: string; readonly ids: readonly string[]; readonly leaseMs: number },
): Promise<ReadonlySet<string>> {
  const { rows } = await on.query<{ id: string }>(
    statement(
      queue,
      'renew',
      (table) => `update ${table} set due_at = statement_timestamp() + $3 * interval '1 millisecond'
         where queue = $4 and job_id = any($1::text[]) and holder = $2 returning job_id as id`,
      [ids, holder, leaseMs, queue],
    ),
  );
  return new Set(rows.map(({ id }) => id));
}

async function release(
  on: Queryable,
  queue: string,
  {
    holder,
    id,
    delayMs,
    isFailure,
  }: {
    readonly holder: string;
    readonly id: string;
    readonly delayMs: number;
    readonly isFailure: boolean;
  },
): Promise<void> {
  await on.query(
    statement(
      queue,
      'release',
      (table) => `with given as (
        update ${table} set holder = null, due_at = statement_timestamp() + $3 * interval '1 millisecond',
               failures = least(failures, ${MOST}) + case when $4 then 1 else 0 end
         where queue = $7 and job_id = $1 and holder = $2)
      select pg_notify($5, $6)`,
      [id, holder, delayMs, isFailure, channelOf(queue), delayMs > 0 ? String(Math.ceil(delayMs)) : '', queue],
    ),
  );
}

/** Also one whose holder is silent: its lease is over. */
async function withdraw(on: Queryable, queue: string, jobIds: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await on.query<{ job_id: string }>(
    statement(
      queue,
      'withdraw',
      (
        table,
      ) => `delete from ${table} where queue = $1 and job_id = any($2) and (holder is null or due_at <= statement_timestamp())
        returning job_id`,
      [queue, jobIds],
    ),
  );
  return new Set(rows.map(({ job_id }) => job_id));
}

const STATE = `case when due_at <= statement_timestamp() then 'waiting' when holder is null then 'delayed' else 'active' end`;

async function states(on: Queryable, queue: string, jobIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { rows } = await on.query<{ job_id: string; state: string }>(
    statement(
      queue,
      'states',
      (table) => `select job_id, ${STATE} as state from ${table} where queue = $1 and job_id = any($2)`,
      [queue, jobIds],
    ),
  );
  return new Map(rows.map(({ job_id, state }) => [job_id, state]));
}

async function counts(on: Queryable, queue: string): Promise<Readonly<Record<string, number>>> {
  const { rows } = await on.query<{ state: string; n: number }>(
    statement(
      queue,
      'counts',
      (table) => `select ${STATE} as state, count(*)::int as n from ${table} where queue = $1 group by 1`,
      [queue],
    ),
  );
  return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
}

async function overdue(on: Queryable, queue: string, olderThanMs: number): Promise<number> {
  const { rows } = await on.query<{ n: number }>(
    statement(
      queue,
      'overdue',
      (table) => `select count(*)::int as n from ${table}
        where queue = $1 and due_at <= statement_timestamp() - $2 * interval '1 millisecond'`,
      [queue, olderThanMs],
    ),
  );
  return rows[0]?.n ?? 0;
}

/** On the tables of `postgres-tables.ts`. */
export const postgresStore = (on: Queryable, bells: Bells): MessageStore => ({
  put: (queue, messages) => push(on, queue, messages),
  finishAndTake: (queue, request) => finishAndTake(on, queue, request, bells.alive),
  renew: (queue, request) => renew(on, queue, request),
  release: (queue, request) => release(on, queue, request),
  withdraw: (queue, jobIds) => withdraw(on, queue, jobIds),
  states: (queue, jobIds) => states(on, queue, jobIds),
  counts: (queue) => counts(on, queue),
  overdue: (queue, forMs) => overdue(on, queue, forMs),
  noteDone: (queue, count) => noteDone(on, queue, count),
  flow: (queue) => ownFlow(on, queue),
  listen: (queue, ring) => bells.listen(queue, ring),
  handOver: (queue, holder, take, mayHaveMissed) => handOverTo(on, bells, { queue, holder }, take, mayHaveMissed),
  held: (queue, holder) => heldBy(on, queue, holder),
});
