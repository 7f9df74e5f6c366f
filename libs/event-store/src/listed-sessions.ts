import { Actor } from '@baton/contracts';
import type { Pool } from 'pg';
import { query } from './pool.js';
import { SESSION_IDLE } from './web-sessions.js';

/** A session as whoever may end it sees it. */
export interface ListedSession {
  readonly sessionId: string;
  /** Null where a Baton began it that did not write that down, with something else than a key. */
  readonly actor: Actor | null;
  /** RFC 3339. */
  readonly beganAt: string;
  /** To the minute. */
  readonly usedAt: string;
  readonly endsAt: string;
}

export interface SessionFilter {
  /** Of this actor alone; null: of everybody. */
  readonly of: Pick<Actor, 'type' | 'id'> | null;
  readonly sessionId?: string | undefined;
  /** The last one of the page before. */
  readonly before?: Pick<ListedSession, 'sessionId' | 'beganAt'> | undefined;
}

interface Row {
  readonly session_id: string;
  readonly actor: string | null;
  readonly began_at: Date;
  readonly used_at: Date;
  readonly ends_at: Date;
}

/** Sessions that go on, those that began last first: not those of a key that is over. */
export async function listWebSessions(
  pool: Pool,
  { of, sessionId, before }: SessionFilter,
  limit: number,
): Promise<readonly ListedSession[]> {
  const rows = await query<Row>(
    pool,
    'list-web-sessions',
    `select session_id, began_at, used_at, ends_at, actor::text from (
       select s.session_id, s.began_at, s.used_at, s.ends_at,
              coalesce(s.actor, case when k.key_id is not null then json_build_object('type', 'apikey', 'id', k.name) end) as actor
         from baton.web_session s left join baton.api_key k using (key_id)
        where s.ends_at > clock_timestamp() and s.used_at > clock_timestamp() - ${SESSION_IDLE}
          and k.revoked_at is null and (k.expires_at is null or k.expires_at > clock_timestamp())) as session
      where ($1::text is null or (actor->>'type' = $1 and actor->>'id' = $2))
        and ($3::uuid is null or session_id = $3)
        and ($4::timestamptz is null or (began_at, session_id) < ($4, $5::uuid))
      order by began_at desc, session_id desc limit $6`,
    [of?.type ?? null, of?.id ?? null, sessionId ?? null, before?.beganAt ?? null, before?.sessionId ?? null, limit],
  );
  return rows.map((row) => ({
    sessionId: row.session_id,
    actor: row.actor === null ? null : Actor.parse(JSON.parse(row.actor)),
    beganAt: row.began_at.toISOString(),
    usedAt: row.used_at.toISOString(),
    endsAt: row.ends_at.toISOString(),
  }));
}
