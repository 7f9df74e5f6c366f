import { randomBytes } from 'node:crypto';
import { Actor, RunId, storableText } from '@baton/contracts';
import type { Pool } from 'pg';
import { database } from './database.js';
import { one, query } from './pool.js';
import type { Tables } from './tables.js';

/** The key with which the data of a subject are sealed: 32 bytes. */
interface PersonalKey {
  readonly keyId: string;
  readonly key: Buffer;
}

const KEY_BYTES = 32;
/** What names a key may have been written by anybody. */
const isKeyId = (text: string): boolean => RunId.safeParse(text).success;

/** The key of a subject (1 to 200 characters), made where there is none; and notes that a run holds something of it. For hubs. */
async function personalKeyFor(pool: Pool, subject: string, runId: RunId): Promise<PersonalKey> {
  const rows = await query<{ key_id: string; key: Buffer }>(
    pool,
    'personal-key-for',
    'select key_id, key from baton.personal_key_for($1, $2, $3)',
    [storableText(subject), randomBytes(KEY_BYTES), runId],
  );
  const { key_id: keyId, key } = one(rows, 'a key');
  return { keyId, key };
}

/** Those of these keys that exist, by their ids. What is missing was destroyed. */
async function readPersonalKeys(pool: Pool, keyIds: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
  const rows = await query<{ key_id: string; key: Buffer }>(
    pool,
    'read-personal-keys',
    'select key_id, key from baton.personal_key where key_id = any($1::uuid[])',
    [keyIds.filter(isKeyId)],
  );
  return new Map(rows.map(({ key_id, key }) => [key_id, key]));
}

/** Notes that a run holds values under these keys, which were sealed for another. For hubs. */
async function notePersonalRun(pool: Pool, keyIds: readonly string[], runId: RunId): Promise<void> {
  await query(
    pool,
    'note-personal-run',
    `insert into baton.personal_run (key_id, run_id) select k.key_id, $2::uuid
       from baton.personal_key k where k.key_id = any($1::uuid[]) on conflict do nothing`,
    [keyIds.filter(isKeyId), runId],
  );
}

/** The three of them over one pool, as whoever seals needs them. */
export const personalKeyStore = (pool: Pool) => ({
  keyFor: (subject: string, runId: RunId) => personalKeyFor(pool, subject, runId),
  keysOf: (keyIds: readonly string[]) => readPersonalKeys(pool, keyIds),
  noteRun: (keyIds: readonly string[], runId: RunId) => notePersonalRun(pool, keyIds, runId),
});

export interface PersonalSubject {
  readonly keyId: string;
  /** RFC 3339. */
  readonly since: string;
  /** The runs that hold something of it, at most a thousand; `more`: there are others. */
  readonly runIds: readonly RunId[];
  readonly more: boolean;
}

const MOST_RUNS = 1_000;
const IN_AN_ARCHIVE = 'BT006';

/** What is known of a subject; null where nothing is, or it was erased. */
export async function findPersonalSubject(pool: Pool, subject: string): Promise<PersonalSubject | null> {
  const db = database<Tables>(pool);
  const found = await db
    .selectFrom('personal_key')
    .select(['key_id', 'created_at'])
    .where('subject', '=', storableText(subject))
    .executeTakeFirst();
  if (found === undefined) return null;
  const runs = await db
    .selectFrom('personal_run')
    .select('run_id')
    .where('key_id', '=', found.key_id)
    .orderBy('run_id')
    .limit(MOST_RUNS + 1)
    .execute();
  return {
    keyId: found.key_id,
    since: found.created_at.toISOString(),
    runIds: runs.slice(0, MOST_RUNS).map(({ run_id }) => RunId.parse(run_id)),
    more: runs.length > MOST_RUNS,
  };
}

export interface PersonalErasure {
  readonly keyId: string;
  /** How many runs held something under the key. */
  readonly runs: number;
  /** RFC 3339. */
  readonly at: string;
  readonly by: Actor;
  readonly reason: string;
}

/**
 * Destroys the key of a subject for good, with what was kept of its runs beside the log; null where it has none. `archived`: one
 * of its runs is in an archive, and nothing was erased.
 */
export async function erasePersonal(
  pool: Pool,
  subject: string,
  { by, reason }: Pick<PersonalErasure, 'by' | 'reason'>,
): Promise<PersonalErasure | 'archived' | null> {
  const rows = await query<{ key_id: string }>(
    pool,
    'erase-personal',
    'select key_id from baton.erase_personal($1, $2, $3)',
    [storableText(subject), storableText(JSON.stringify(by)), storableText(reason)],
  ).catch((thrown: unknown) => {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === IN_AN_ARCHIVE) return null;
    throw thrown;
  });
  if (rows === null) return 'archived';
  const [erased] = rows;
  if (erased === undefined) return null;
  return (await erasures(pool, erased.key_id))[0] ?? null;
}

/** What was erased, newest first; at most a thousand. */
export const listPersonalErasures = (pool: Pool): Promise<readonly PersonalErasure[]> => erasures(pool);

async function erasures(pool: Pool, keyId?: string): Promise<readonly PersonalErasure[]> {
  const all = database<Tables>(pool)
    .selectFrom('personal_erasure')
    .select(['key_id', 'at', 'by', 'reason', 'runs'])
    .orderBy('at', 'desc')
    .limit(MOST_RUNS);
  const rows = await (keyId === undefined ? all : all.where('key_id', '=', keyId)).execute();
  return rows.map((row) => ({
    keyId: row.key_id,
    runs: row.runs,
    at: row.at.toISOString(),
    by: Actor.parse(JSON.parse(row.by)),
    reason: row.reason,
  }));
}
