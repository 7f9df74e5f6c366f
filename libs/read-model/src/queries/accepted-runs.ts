import { RunView } from '@baton/contracts';
import { runIdsFrom } from '@baton/event-store';
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

/** What the inbox says of when and which, and the gateway of how it is shown. */
const waiting = (pool: Pool) =>
  readModel(pool)
    .selectFrom('inbox as b')
    .innerJoin('accepted_request as a', 'a.request_id', 'b.request_id')
    .select(['a.view', 'b.accepted_at'])
    .where('b.begins', 'is not', null)
    .where('a.view', 'is not', null)
    .$narrowType<{ view: string }>();

const toView = ({ view, accepted_at }: { readonly view: string; readonly accepted_at: Date }): RunView =>
  RunView.parse({ ...JSON.parse(view), startedAt: accepted_at.toISOString() });
