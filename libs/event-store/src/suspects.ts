import { type RunId, storableText } from '@baton/contracts';
import type { Pool } from 'pg';
import type { Lane } from './lanes.js';
import { query } from './pool.js';

/** A message that was in the hands of a process when it ended. `key` is the same at each of its deliveries. */
export interface Suspect {
  readonly key: string;
  readonly runId: RunId;
}

/**
 * Tries of one message by itself that may end their processes before it is taken for what ended them. Of one, somebody who
 * kills processes at random could be the cause: the row is there for some milliseconds of each innocent message, too.
 */
const TRIES_ALONE = 2;

/**
 * Notes that this process is about to decide a suspect by itself, where nothing speaks against it.
 *
 * @returns false where it ended the processes that tried before: it must not be tried again, and that is noted
 */
export async function beginSuspect(pool: Pool, { lane, fence }: Lane, { key, runId }: Suspect): Promise<boolean> {
  const rows = await query<{ is_guilty: boolean }>(
    pool,
    'begin-suspect',
    `with before as (
       select count(*) filter (where l.fence <> s.fence or l.lease_until < statement_timestamp()) >= $5
              or coalesce(bool_or(s.is_guilty), false) as is_guilty
         from baton.suspect s join baton.lane l on l.lane = s.lane where s.key = $1
     )
     insert into baton.suspect (key, lane, fence, run_id, is_guilty)
       select $1, $2, $3, $4, before.is_guilty from before
       on conflict (key, lane, fence) do update set since = statement_timestamp(), is_guilty = excluded.is_guilty
       returning is_guilty`,
    [storableText(key), lane, fence, runId, TRIES_ALONE],
  );
  return rows[0]?.is_guilty !== true;
}

/** It was decided, whatever came of it, and the process is still there: nothing speaks against it any more. */
export async function clearSuspect(pool: Pool, key: string): Promise<void> {
  await query(pool, 'clear-suspect', 'delete from baton.suspect where key = $1', [storableText(key)]);
}
