import { type JsonObject, type RequestId, type RunId, storableText } from '@baton/contracts';
import type { Pool } from 'pg';
import { type PendingRequest, storedMessage } from './inbox.js';
import { one, query } from './pool.js';

/*
 * Runs that were accepted and wait for a place, since a cap is full. What takes a place is written by the append that begins a
 * run, and given back by the one that ends it: see `append_batch`. So it is never counted from memory, and a kill loses none.
 */

/** A request whose run is to wait for a place. */
export interface RunToWait {
  readonly requestId: RequestId;
  readonly name: string;
  /** There where the gateway did not accept it: it comes into the inbox for as long as it waits. */
  readonly unaccepted: { readonly message: JsonObject; readonly view: JsonObject } | null;
  readonly runId: RunId;
  readonly submitter: string;
  readonly workflow: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly priority: number;
}

/** Puts them into the line, all or none. What waits there already stays where it is. */
export async function lineUp(pool: Pool, runs: readonly RunToWait[]): Promise<void> {
  await query(pool, 'line-up', 'select from baton.line_up($1, $2, $3, $4, $5, $6, $7, $8, $9)', [
    runs.map(({ requestId }) => storableText(requestId)),
    runs.map(({ name }) => name),
    runs.map(({ unaccepted }) => (unaccepted === null ? null : JSON.stringify(unaccepted.message))),
    runs.map(({ runId }) => runId),
    runs.map(({ submitter }) => storableText(submitter)),
    runs.map(({ workflow }) => workflow),
    runs.map(({ labels }) => JSON.stringify(labels)),
    runs.map(({ priority }) => priority),
    runs.map(({ unaccepted }) => (unaccepted === null ? null : JSON.stringify(unaccepted.view))),
  ]);
}

/** How things stand, for whoever has to know whether to look. */
export async function lineState(pool: Pool): Promise<{ readonly hasCaps: boolean; readonly isAnyWaiting: boolean }> {
  const rows = await query<{ has_caps: boolean; is_any_waiting: boolean }>(
    pool,
    'line-state',
    'select l.has_caps, exists (select from baton.waiting_run) as is_any_waiting from baton.log l',
  );
  const { has_caps, is_any_waiting } = one(rows, 'the line');
  return { hasCaps: has_caps, isAnyWaiting: is_any_waiting };
}

/** One that may be next in its line. */
export interface InLine {
  readonly requestId: RequestId;
  readonly line: string;
  readonly submitter: string;
  readonly priority: number;
  /** Its age among all that wait: the least has waited longest. */
  readonly since: number;
  /** The caps that it stands before, and how much each allows. */
  readonly caps: ReadonlyMap<string, number>;
}

/** Who may be next, and what is taken: by cap, and by submitter. */
export interface LineView {
  readonly heads: readonly InLine[];
  readonly taken: ReadonlyMap<string, number>;
  readonly underWay: ReadonlyMap<string, number>;
}

interface HeadRow {
  readonly request_id: string;
  readonly line: string;
  readonly submitter: string;
  readonly priority: number;
  readonly since: number;
  readonly keys: string[];
  readonly most: number[];
}

/** From line to line by the index, so that what stands further back costs nothing, however much it is. */
const HEADS = `
  with recursive line as (
    (select w.line from baton.waiting_run w order by w.line limit 1)
    union all
    select (select w.line from baton.waiting_run w where w.line > l.line order by w.line limit 1) from line l where l.line is not null)
  select h.request_id, l.line, h.submitter, h.priority, (extract(epoch from h.since) * 1000000)::float8 as since, h.keys, h.most
    from line l cross join lateral (
      select w.request_id, w.submitter, w.priority, w.since, w.keys, w.most from baton.waiting_run w
       where w.line = l.line and w.request_id <> all ($2::text[])
       order by w.priority, w.since, w.request_id limit $1) as h
   where l.line is not null`;

const TAKEN = `
  select k.key as name, (select count(*) from baton.place_key p where p.key = k.key)::int as count, true as is_cap
    from unnest($1::text[]) as k(key)
  union all
  select p.submitter, count(*)::int, false from baton.place p group by p.submitter`;

/**
 * @param page how many of each line, and which are in hand already
 */
export async function readLine(
  pool: Pool,
  page: { readonly perLine: number; readonly without: readonly RequestId[]; readonly keys: readonly string[] },
): Promise<LineView> {
  const rows = await query<HeadRow>(pool, 'line-heads', HEADS, [page.perLine, page.without.map(storableText)]);
  if (rows.length === 0) return { heads: [], taken: new Map(), underWay: new Map() };
  const keys = [...new Set([...rows.flatMap((row) => row.keys), ...page.keys])];
  const counts = await query<{ name: string; count: number; is_cap: boolean }>(pool, 'line-taken', TAKEN, [keys]);
  const counted = (isCap: boolean): ReadonlyMap<string, number> =>
    new Map(counts.filter(({ is_cap }) => is_cap === isCap).map(({ name, count }) => [name, count]));
  return {
    heads: rows.map(({ request_id, keys: own, most, ...row }) => ({
      ...row,
      requestId: request_id,
      caps: new Map(own.map((key, n) => [key, most[n] ?? 0])),
    })),
    taken: counted(true),
    underWay: counted(false),
  };
}

/** A request that is let in. */
export interface LetIn extends PendingRequest {
  readonly isVouched: boolean;
  /** Whether somebody else took it up before, and may have ended over it. */
  readonly isSuspect: boolean;
}

interface TakenUpRow {
  readonly request_id: string;
  readonly name: string;
  readonly message: string;
  readonly traceparent: string | null;
  readonly is_vouched: boolean;
  readonly tries: number;
}

/** What they ask for; each is noted as taken up. One that is not there any more is left out. */
export async function takeUp(pool: Pool, requestIds: readonly RequestId[]): Promise<readonly LetIn[]> {
  const rows = await query<TakenUpRow>(
    pool,
    'take-up-waiting',
    `update baton.waiting_run w set tries = w.tries + 1 from baton.inbox b
      where w.request_id = any ($1::text[]) and b.request_id = w.request_id
      returning w.request_id, b.name, b.message, b.traceparent, b.is_vouched, w.tries`,
    [requestIds.map(storableText)],
  );
  return rows.map((row) => ({
    requestId: row.request_id,
    name: row.name,
    message: storedMessage(row),
    isVouched: row.is_vouched,
    isSuspect: row.tries > 1,
  }));
}

/** Whoever took it up lives, and it waits on. */
export async function putBack(pool: Pool, requestId: RequestId): Promise<void> {
  await query(pool, 'put-back-waiting', 'update baton.waiting_run set tries = 0 where request_id = $1', [
    storableText(requestId),
  ]);
}

/** Those among them whose request is done with leave the line; all of them where none is named. */
export async function leaveLine(pool: Pool, requestIds: readonly RequestId[] | null = null): Promise<void> {
  await query(
    pool,
    'leave-line',
    `delete from baton.waiting_run w
      where ($1::text[] is null or w.request_id = any ($1::text[]))
        and not exists (select from baton.inbox b where b.request_id = w.request_id)`,
    [requestIds?.map(storableText) ?? null],
  );
}

/** A cap, with how much of it is taken and how many wait for it. */
export interface CapLoad {
  readonly cap: string;
  readonly underWay: number;
  readonly most: number;
  readonly waiting: number;
}

/** Every cap of which something is taken or before which somebody waits; the fullest first. */
export async function capLoads(pool: Pool, limit: number): Promise<readonly CapLoad[]> {
  const rows = await query<{ cap: string; under_way: number; most: number; waiting: number }>(
    pool,
    'cap-loads',
    `with policy as (select l.policy -> 'runs' as runs from baton.limits l),
     held as (
       select k.key, max(k.most) as most, count(*) as count
         from policy cross join baton.place p cross join lateral baton.place_keys(policy.runs, p.submitter, p.workflow, p.labels) as k
        group by k.key),
     wanted as (
       select k.key, max(k.most) as most, count(*) as count
         from baton.waiting_run w cross join lateral unnest(w.keys, w.most) as k(key, most) group by k.key)
     select coalesce(h.key, w.key) as cap, coalesce(h.count, 0)::int as under_way, coalesce(h.most, w.most) as most,
            coalesce(w.count, 0)::int as waiting
       from held h full join wanted w on w.key = h.key
      order by coalesce(w.count, 0) desc, coalesce(h.count, 0)::float8 / greatest(coalesce(h.most, w.most), 1) desc, 1 limit $1`,
    [limit],
  );
  return rows.map(({ cap, under_way, most, waiting }) => ({ cap, underWay: under_way, most, waiting }));
}
