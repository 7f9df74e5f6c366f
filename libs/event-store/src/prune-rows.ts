import type { Pool } from 'pg';
import { one, query } from './pool.js';

/*
 * What is old goes, some rows a call. How old it has to be at least the functions of the database say themselves: no service can
 * remove anything younger.
 */

const gone = async (pool: Pool, name: string, call: string, values: readonly unknown[]): Promise<number> =>
  one(await query<{ gone: number }>(pool, name, `select ${call} as gone`, values), 'a count').gone;

/** Forgets requests that had their effect so many days ago, 1 at least. @returns how many */
export const pruneRequests = (pool: Pool, days: number): Promise<number> =>
  gone(pool, 'prune-requests', 'baton.prune_requests($1)', [days]);

/** Removes dead letters with which nothing has happened for so many days, 7 at least. @returns how many */
export const pruneDeadLetters = (pool: Pool, days: number): Promise<number> =>
  gone(pool, 'prune-dead-letters', 'baton.prune_dead_letters($1)', [days]);

/** Removes the beginning of the log of access, as far as it is so many days old, 30 at least. @returns how many entries */
export const pruneAccessLog = (pool: Pool, days: number): Promise<number> =>
  gone(pool, 'prune-access-log', 'baton.prune_access_log($1)', [days]);

/** Removes old checkpoints but the last of each day, and what the offline model wrote long ago. @returns how many rows */
export const pruneSideRows = (pool: Pool): Promise<number> =>
  gone(pool, 'prune-side-rows', 'baton.prune_side_rows()', []);
