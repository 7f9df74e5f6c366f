import type { CommandId, RunId } from '@baton/contracts';
import { sql } from 'kysely';
import type { Pool } from 'pg';
import { readModel } from '../database.js';
import { eventsOf } from './events-of.js';

/**
 * Which events of a run asked these questions, by question; one that nobody asked is left out. The view knows it of all that it
 * has folded, and only what it has not is looked into, in the same statement: whoever was told of a question finds it at once.
 *
 * That is searched as text: `json` columns hold what workers said, on which operators of Postgres fail where that holds \u0000.
 */
export async function askedIn(
  pool: Pool,
  runId: RunId,
  ids: readonly CommandId[],
): Promise<ReadonlyMap<CommandId, number>> {
  const commandId = sql<string>`substring(event.data::text from '"commandId":"([0-9a-f-]+)"')`;
  const notFolded = eventsOf(pool, runId)
    .select([commandId.as('approval_id'), 'event.version'])
    .where('event.type', '=', 'TaskScheduled')
    .where('event.position', '>', (eb) => eb.selectFrom('run_view_cursor').select('run_view_cursor.position'))
    .where(sql<boolean>`position('"resource":"baton:approval"' in event.data::text) > 0`)
    .where(commandId, '=', sql<string>`any(${ids})`);
  const rows = await readModel(pool)
    .selectFrom('approval_view')
    .select(['approval_id', 'version'])
    .where('run_id', '=', runId)
    .where('approval_id', 'in', [...ids])
    .unionAll(notFolded)
    .execute();
  return new Map(rows.map(({ approval_id, version }) => [approval_id, version]));
}
