import type { Actor } from '@baton/contracts';
import { database } from '@baton/event-store';
import type { Pool } from 'pg';
import type { Tables } from './tables.js';

/**
 * Withdraws a published version of a workflow, or every version there is: nobody is offered it any more. Runs of it go on,
 * and what was accepted before is begun. Final: a withdrawn version is not published again.
 *
 * @returns the versions that are withdrawn now, those that were before among them; empty where none was published
 */
export async function withdrawWorkflow(
  pool: Pool,
  { name, version }: { readonly name: string; readonly version: string | undefined },
  by: Actor,
): Promise<readonly string[]> {
  const published = await database<Tables>(pool)
    .selectFrom('workflow')
    .select('version')
    .where('name', '=', name)
    .$if(version !== undefined, (query) => query.where('version', '=', version ?? ''))
    .execute();
  if (published.length === 0) return [];
  await database<Tables>(pool)
    .insertInto('workflow_withdrawal')
    .values(published.map((row) => ({ name, version: row.version, withdrawn_by: JSON.stringify(by) })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return published.map((row) => row.version);
}

/** When a version was withdrawn, RFC 3339; null where it was not. */
export async function withdrawnAt(pool: Pool, name: string, version: string): Promise<string | null> {
  const row = await database<Tables>(pool, 'workflow-withdrawn')
    .selectFrom('workflow_withdrawal')
    .select('withdrawn_at')
    .where('name', '=', name)
    .where('version', '=', version)
    .executeTakeFirst();
  return row?.withdrawn_at.toISOString() ?? null;
}
