import type { Pool } from 'pg';
import { one, query } from './pool.js';

/** The time by the clock of the database, in milliseconds since the epoch. */
export async function databaseTimeMs(pool: Pool): Promise<number> {
  const rows = await query<{ now: Date }>(pool, 'database-time', 'select clock_timestamp()::timestamptz(3) as now');
  return one(rows, 'the time').now.getTime();
}
