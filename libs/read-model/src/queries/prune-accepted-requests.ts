import { one, query } from '@baton/event-store';
import type { Pool } from 'pg';

/** Forgets requests that were taken over HTTP so many days ago, 1 at least, and do not wait any more. @returns how many */
export async function pruneAcceptedRequests(pool: Pool, days: number): Promise<number> {
  const sql = 'select baton.prune_accepted_requests($1) as gone';
  return one(await query<{ gone: number }>(pool, 'prune-accepted-requests', sql, [days]), 'a count').gone;
}
