import { type Actor, storableText } from '@baton/contracts';
import type { Pool } from 'pg';
import { type AccessNote, noteAccess } from './access-log.js';
import { inTransaction } from './in-transaction.js';
import { one, query } from './pool.js';

/** What a session or a code was made with: a key, or something else that is sealed. */
export type HeldCredential = { readonly keyId: string } | { readonly held: Buffer };

export interface WebSession {
  readonly sessionId: string;
  readonly credential: HeldCredential;
  /** RFC 3339: it ends then, whatever is done with it. */
  readonly endsAt: string;
}

/** How long a session lasts that is used, and one that is not. */
const LASTS = `interval '7 days'`;
export const SESSION_IDLE = `interval '12 hours'`;
const CODE_LASTS = `interval '10 minutes'`;

const IS_OPEN = `ends_at > clock_timestamp() and used_at > clock_timestamp() - ${SESSION_IDLE}`;

/**
 * Begins a session, and notes who did.
 *
 * @param before it ends with its credential at the latest; RFC 3339
 */
export async function beginWebSession(
  pool: Pool,
  { sha256, credential, before, actor }: WithSecret & { readonly before: string | null; readonly actor: Actor },
  note: AccessNote,
): Promise<WebSession> {
  return inTransaction(pool, async (client) => {
    const rows = await query<{ session_id: string; ends_at: Date }>(
      client,
      'begin-web-session',
      `insert into baton.web_session (sha256, key_id, held, ends_at, actor)
       values ($1, $2, $3, least(clock_timestamp() + ${LASTS}, $4::timestamptz), $5) returning session_id, ends_at`,
      [sha256, ...columnsOf(credential), before, storableText(JSON.stringify(actor))],
    );
    await noteAccess(client, note);
    const { session_id, ends_at } = one(rows, 'a session');
    return { sessionId: session_id, credential, endsAt: ends_at.toISOString() };
  });
}

interface WithSecret {
  /** Of the secret that whoever has it shows. */
  readonly sha256: Buffer;
  readonly credential: HeldCredential;
}

const columnsOf = (credential: HeldCredential): readonly [keyId: string | null, held: Buffer | null] =>
  'keyId' in credential ? [credential.keyId, null] : [null, credential.held];

interface CredentialRow {
  readonly key_id: string | null;
  readonly held: Buffer | null;
}

function credentialOf({ key_id, held }: CredentialRow): HeldCredential {
  if (key_id !== null) return { keyId: key_id };
  if (held !== null) return { held };
  throw new Error('a session holds no credential');
}

/** The session of a secret, which is used by that; null where it is over, or there never was one. */
export async function useWebSession(pool: Pool, sha256: Buffer): Promise<WebSession | null> {
  const [row] = await query<CredentialRow & { session_id: string; ends_at: Date; is_due: boolean }>(
    pool,
    'use-web-session',
    `select session_id, key_id, held, ends_at, used_at < clock_timestamp() - interval '1 minute' as is_due
       from baton.web_session where sha256 = $1 and ${IS_OPEN}`,
    [sha256],
  );
  if (row === undefined) return null;
  if (row.is_due) {
    const sql = 'update baton.web_session set used_at = clock_timestamp() where session_id = $1';
    await query(pool, 'web-session-used', sql, [row.session_id]);
  }
  return { sessionId: row.session_id, credential: credentialOf(row), endsAt: row.ends_at.toISOString() };
}

/** Ends a session at once, and notes who did; false where it was over. */
export async function endWebSession(pool: Pool, sessionId: string, note: AccessNote): Promise<boolean> {
  return inTransaction(pool, async (client) => {
    const sql = 'delete from baton.web_session where session_id = $1 returning session_id';
    const ended = await query(client, 'end-web-session', sql, [sessionId]);
    if (ended.length === 0) return false;
    await noteAccess(client, note);
    return true;
  });
}

/** Of these sessions those that are not over. */
export async function openWebSessions(pool: Pool, sessionIds: readonly string[]): Promise<readonly string[]> {
  const rows = await query<{ session_id: string }>(
    pool,
    'open-web-sessions',
    `select session_id from baton.web_session where session_id = any($1) and ${IS_OPEN}`,
    [sessionIds],
  );
  return rows.map(({ session_id }) => session_id);
}

/**
 * Keeps a code that begins one session.
 *
 * @param before the session ends then at the latest, and so does the code; RFC 3339
 * @returns until when it is kept; RFC 3339
 */
export async function keepSignInCode(
  pool: Pool,
  { sha256, credential, before }: WithSecret & { readonly before: string | null },
): Promise<string> {
  const rows = await query<{ ends_at: Date }>(
    pool,
    'keep-sign-in-code',
    `insert into baton.sign_in_code (sha256, key_id, held, ends_at, session_ends_at)
     values ($1, $2, $3, least(clock_timestamp() + ${CODE_LASTS}, $4::timestamptz), $4::timestamptz) returning ends_at`,
    [sha256, ...columnsOf(credential), before],
  );
  return one(rows, 'a code').ends_at.toISOString();
}

interface TakenCode {
  readonly credential: HeldCredential;
  /** As it was kept with. */
  readonly before: string | null;
}

/** Uses a code up: of several at the same moment one has it. Null where there is none, or none any more. */
export async function takeSignInCode(pool: Pool, sha256: Buffer): Promise<TakenCode | null> {
  const [row] = await query<CredentialRow & { session_ends_at: Date | null }>(
    pool,
    'take-sign-in-code',
    'delete from baton.sign_in_code where sha256 = $1 and ends_at > clock_timestamp() returning key_id, held, session_ends_at',
    [sha256],
  );
  return row === undefined
    ? null
    : { credential: credentialOf(row), before: row.session_ends_at?.toISOString() ?? null };
}

/** Removes sessions and codes that are over, some a call. @returns how many */
export async function pruneSignIns(pool: Pool): Promise<number> {
  const rows = await query<{ gone: number }>(
    pool,
    'prune-sign-ins',
    `with sessions as (
       delete from baton.web_session where session_id in
         (select session_id from baton.web_session where ends_at <= clock_timestamp() limit 1000) returning 1),
     idle as (
       delete from baton.web_session where session_id in
         (select session_id from baton.web_session
           where used_at <= clock_timestamp() - ${SESSION_IDLE} and ends_at > clock_timestamp() limit 1000) returning 1),
     codes as (
       delete from baton.sign_in_code where sha256 in
         (select sha256 from baton.sign_in_code where ends_at <= clock_timestamp() limit 1000) returning 1)
     select (select count(*) from sessions) + (select count(*) from idle) + (select count(*) from codes) as gone`,
  );
  return one(rows, 'a count').gone;
}
