import type { Pool } from 'pg';

/** Why the submission of a run, or the fork that was to begin it, went to the dead letter; null when none did. */
export async function rejectionOf(pool: Pool, runId: string): Promise<string | null> {
  const { rows } = await pool.query<{ reason: string }>(
    `select l.reason from baton.dead_letter l
       left join baton.accepted_request a using (request_id)
      where l.name in ('submit', 'fork') and (l.run_id = $1 or a.run_id::text = $1)
      order by l.id desc limit 1`,
    [runId.replaceAll('\u0000', '').toLowerCase()],
  );
  return rows[0]?.reason ?? null;
}
