import { sql } from 'kysely';
import { type Connection, readModel } from '../database.js';

/**
 * Before when the views have every event; null where there is none. Hubs write within a moment what they decided, so times do not
 * quite go up along the log: of what the views do not have yet the earliest counts, of what they have the latest.
 */
export async function projectedTo(connection: Connection): Promise<Date | null> {
  const { rows } = await sql<{ missing: Date | null; newest: Date | null }>`
    select (select min(recorded_at) from (
             select recorded_at from baton.event where position > c.position order by position limit 1000) e) as missing,
           (select max(recorded_at) from (
             select recorded_at from baton.event where position <= c.position order by position desc limit 100) e) as newest
      from baton.run_view_cursor c`.execute(readModel(connection));
  const { missing = null, newest = null } = rows[0] ?? {};
  if (missing !== null) return missing;
  return newest === null ? null : new Date(newest.getTime() + 1);
}
