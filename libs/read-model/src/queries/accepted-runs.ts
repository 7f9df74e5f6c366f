import { RunView } from '@baton/contracts';
import { runIdsFrom } from '@baton/event-store';
import { sql } from 'kysely';
import type { Pool } from 'pg';
import { readModel } from '../database.js';

/** A place in the order of the list of runs: newest first. */
export interface Place {
  readonly startedAt: string;
  readonly runId: string;
}

/** Submissions that are stored and that the hub has not begun: the runs whose id starts so. */
export async function acceptedRuns(pool: Pool, prefix: string, limit: number): Promise<readonly RunView[]> {
  const bounds = runIdsFrom(prefix);
  if (bounds === null) return [];
  const rows = await waiting(pool)
    .where('b.begins', '>=', bounds.lowest)
    .where('b.begins', '<=', bounds.highest)
    .orderBy('b.begins')
    .limit(limit)
    .execute();
  return rows.map(toView);
}

/** The newest of them, from before a place in the order of the list on. */
export async function newestAcceptedRuns(pool: Pool, before: Place | null, limit: number): Promise<readonly RunView[]> {
  const rows = await waiting(pool)
    .$if(before !== null, (query) =>
      query.where(({ eb, refTuple, tuple }) =>
        eb(refTuple('b.accepted_at', 'b.begins'), '<', tuple(new Date(before?.startedAt ?? 0), before?.runId ?? '')),
      ),
    )
    .orderBy('b.accepted_at', 'desc')
    .orderBy('b.begins', 'desc')
    .limit(limit)
    .execute();
  return rows.map(toView);
}

/** What the inbox says of when and which, and the gateway of how it is shown; a hub where no gateway knows the run. */
const waiting = (pool: Pool) =>
  readModel(pool)
    .selectFrom('inbox as b')
    .innerJoin(SHOWN.as('v'), (join) => join.onTrue())
    .select(['b.accepted_at', 'v.view', SINCE.as('since'), FULL_CAPS.as('caps')])
    .where('b.begins', 'is not', null);

// One row at a time, by their keys: joined as a whole, all of a backlog would be sorted for the first page of it.
const SHOWN = sql<{ readonly view: string }>`lateral (
  select a.view::text as view from baton.accepted_request a where a.request_id = b.request_id and a.view is not null
  union all
  select w.view::text from baton.waiting_run w where w.request_id = b.request_id and w.view is not null
  limit 1)`;
const SINCE = sql<Date | null>`(select w.since from baton.waiting_run w where w.request_id = b.request_id)`;

/** Those of the caps before which a run waits that are full; null where it waits for none. */
const FULL_CAPS = sql<string | null>`(
  select json_agg(json_build_object('cap', k.key, 'underWay', n.count, 'most', k.most))
    from baton.waiting_run w cross join lateral unnest(w.keys, w.most) as k(key, most)
   cross join lateral (select count(*) as count from baton.place_key p where p.key = k.key) as n
   where w.request_id = b.request_id and n.count >= k.most)`;

interface WaitingRow {
  readonly view: string;
  readonly accepted_at: Date;
  readonly since: Date | null;
  readonly caps: string | null;
}

const toView = ({ view, accepted_at, since, caps }: WaitingRow): RunView =>
  RunView.parse({
    ...JSON.parse(view),
    startedAt: accepted_at.toISOString(),
    ...(since === null
      ? {}
      : {
          waitingFor: [
            { kind: 'place', state: '', caps: caps === null ? [] : JSON.parse(caps), since: since.toISOString() },
          ],
        }),
  });
