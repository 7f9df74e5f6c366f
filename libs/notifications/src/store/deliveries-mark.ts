import { sql } from 'kysely';
import type { Pool } from 'pg';
import { notifications } from '../database.js';

/** A text that is another one where a webhook or a delivery of one is: by indexes, and what waits to be sent. */
export async function deliveriesMark(pool: Pool): Promise<string> {
  const { rows } = await sql<{ mark: string }>`
    select concat_ws(' ',
      (select md5(string_agg(concat_ws(' ', webhook_id, disabled_at), ',' order by webhook_id)) from baton.webhook),
      (select max(seq) from baton.webhook_delivery),
      (select max(settled_at) from baton.webhook_delivery where settled_at is not null),
      (select concat(count(*), '/', sum(attempts)) from baton.webhook_delivery where status = 'pending')) as mark`.execute(
    notifications(pool),
  );
  return rows[0]?.mark ?? '';
}
