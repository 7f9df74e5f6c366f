import { SILENT_AFTER_MS } from '@baton/contracts';
import type { Pool } from 'pg';
import { one, query } from './pool.js';

/** A text for each thing that operators look at and that is no event: another one where that is another. */
export interface OperationsMarks {
  /** Also when time has passed while somebody lives: when a worker was seen last is shown. */
  readonly workers: string;
  readonly deadLetters: string;
  readonly keys: string;
  readonly sessions: string;
}

const SEEN_TO_SECONDS = 15;

/** One question for all of them, asked every few seconds while somebody looks: none of its parts reads more than an index or a small table. */
export async function operationsMarks(pool: Pool): Promise<OperationsMarks> {
  const rows = await query<OperationsMarks>(
    pool,
    'operations-marks',
    `select
       (select md5(concat(string_agg(concat_ws(' ', worker_id, load, stopped_at, is_draining, drain_asked_at, is_silent), ',' order by worker_id),
                          floor(extract(epoch from max(seen_at)) / ${SEEN_TO_SECONDS})))
          from (select worker_id, load, stopped_at, is_draining, drain_asked_at, seen_at,
                       seen_at < statement_timestamp() - $1 * interval '1 millisecond' as is_silent from baton.worker) as w) as workers,
       (select concat_ws(' ', (select max(id) from baton.dead_letter),
                              (select count(*) from baton.dead_letter where requeued_at is null and not is_refused),
                              (select count(*) from baton.dead_letter where requeued_at is not null and sent_at is null))) as "deadLetters",
       (select md5(string_agg(concat_ws(' ', key_id, revoked_at, replaced_at, expires_at, last_used_at,
                                        expires_at < statement_timestamp()), ',' order by key_id)) from baton.api_key) as keys,
       (select md5(string_agg(concat_ws(' ', session_id, used_at), ',' order by session_id)) from baton.web_session) as sessions`,
    [SILENT_AFTER_MS],
  );
  const { workers, deadLetters, keys, sessions } = one(rows, 'marks');
  return { workers, deadLetters, keys: keys ?? '', sessions: sessions ?? '' };
}
