import { RunView } from '@baton/contracts';
import { z } from 'zod';
import type { Queryable } from '../projection/fold-store.js';

const Row = z
  .object({ view: z.string(), accepted_at: z.date() })
  .transform(({ view, accepted_at }) => RunView.parse({ ...JSON.parse(view), startedAt: accepted_at.toISOString() }));

const SELECT = `
  select a.view::text as view, a.accepted_at
    from baton.inbox b join baton.accepted_request a using (request_id)
   where a.view is not null`;

/** Submissions that are stored and that the hub has not begun: the runs whose id starts so. */
export async function acceptedRuns(sql: Queryable, prefix: string, limit: number): Promise<readonly RunView[]> {
  const { rows } = await sql.query(`${SELECT} and starts_with(a.run_id::text, $1) order by a.run_id limit $2`, [
    prefix,
    limit,
  ]);
  return rows.map((row) => Row.parse(row));
}

/** The newest of them, from before a place in the order of the list on. */
export async function newestAcceptedRuns(
  sql: Queryable,
  before: { readonly startedAt: string; readonly runId: string } | null,
  limit: number,
): Promise<readonly RunView[]> {
  const { rows } = await sql.query(
    `${SELECT} and ($1::timestamptz is null or (a.accepted_at, a.run_id) < ($1::timestamptz, $2::uuid))
     order by a.accepted_at desc, a.run_id desc limit $3`,
    [before?.startedAt ?? null, before?.runId ?? null, limit],
  );
  return rows.map((row) => Row.parse(row));
}
