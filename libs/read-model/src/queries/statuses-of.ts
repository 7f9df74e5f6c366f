import type { RunId, RunStatus } from '@baton/contracts';
import { sql } from 'kysely';
import type { Pool } from 'pg';
import { readModel } from '../database.js';

/** What runs are at; one that no event of is known is left out. */
export async function statusesOf(pool: Pool, runIds: readonly RunId[]): Promise<ReadonlyMap<RunId, RunStatus>> {
  if (runIds.length === 0) return new Map();
  const rows = await readModel(pool, 'statuses-of')
    .selectFrom('run_view')
    .select(['run_id', 'status'])
    .where('run_id', '=', sql<string>`any(${[...runIds]}::uuid[])`)
    // The table holds no other status.
    .$narrowType<{ readonly status: RunStatus }>()
    .execute();
  return new Map(rows.map(({ run_id, status }) => [run_id, status]));
}
