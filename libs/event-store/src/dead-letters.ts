import { Actor, cutTaskTokens, storableText } from '@baton/contracts';
import { sql } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { database } from './database.js';
import type { Tables } from './tables.js';

/** A message that could not be taken, kept with the reason for a person to look at. */
export interface DeadLetter {
  /** The queue it came from, or the part of the hub that gave up on it. */
  readonly source: string;
  /** Its job name. */
  readonly name: string;
  readonly reason: string;
  /** The message as text: JSON where it was JSON. */
  readonly message: string;
  readonly requestId?: string | undefined;
  readonly runId?: string | undefined;
  readonly commandId?: string | undefined;
}

export interface StoredDeadLetter extends DeadLetter {
  readonly id: number;
  /** RFC 3339, like all times here. */
  readonly at: string;
  /** Whether some of the message was left out, because it was too large to be kept. */
  readonly isCut: boolean;
  /** It is a result that nobody waited for: nothing is to be done about it. */
  readonly isRefused?: boolean | undefined;
  /** When somebody asked that it be taken up again, and who; absent while it is open. */
  readonly requeuedAt?: string | undefined;
  readonly requeuedBy?: Actor | undefined;
  /** When that was done. */
  readonly sentAt?: string | undefined;
}

/** `requeued`: taken up again, or about to be. `refused`: a result that nobody waited for, about which nothing is to be done. */
export type DeadLetterStatus = 'open' | 'requeued' | 'refused' | 'all';

/** Most bytes of a message that are kept: whoever sends megabytes of nonsense must not fill the database. */
const KEEP_CHARACTERS = 256 * 1024;

/** Records the letter; where it was an accepted request, the inbox lets go of it in the same statement. */
export async function recordDeadLetter(pool: Pool, letter: DeadLetter): Promise<void> {
  const clean = (text: string | undefined): string | null => (text === undefined ? null : storableText(text));
  const values = {
    source: storableText(letter.source),
    name: storableText(letter.name),
    reason: storableText(letter.reason.slice(0, 4_000)),
    // Whoever may read letters may not answer tasks.
    message: storableText(cutTaskTokens(letter.message.slice(0, KEEP_CHARACTERS))),
    run_id: clean(letter.runId),
    command_id: clean(letter.commandId),
  };
  const request_id = clean(letter.requestId);
  // A worker has no request to strike off, nor the right to name one.
  if (request_id === null) {
    await database<Tables>(pool, 'record-dead-letter').insertInto('dead_letter').values(values).execute();
    return;
  }
  await database<Tables>(pool, 'strike-off')
    .with('struck', (db) => db.deleteFrom('inbox').where('request_id', '=', request_id).returning(['name', 'message']))
    .insertInto('dead_letter')
    .values(({ selectFrom }) => ({
      ...values,
      request_id,
      accepted_name: selectFrom('struck').select('name'),
      accepted: selectFrom('struck').select('message'),
    }))
    .execute();
}

/** Newest first; `before` is the id of the last one seen. */
export async function listDeadLetters(
  pool: Pool,
  page: { readonly limit: number; readonly before?: number; readonly status?: DeadLetterStatus },
): Promise<readonly StoredDeadLetter[]> {
  const { limit, before, status = 'all' } = page;
  const rows = await letters(pool)
    .$if(before !== undefined, (query) => query.where('id', '<', before ?? 0))
    .$if(status === 'open', (query) => query.where('requeued_at', 'is', null).where(sql<boolean>`not is_refused`))
    .$if(status === 'requeued', (query) => query.where('requeued_at', 'is not', null))
    .$if(status === 'refused', (query) => query.where(sql<boolean>`is_refused`))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(toLetter);
}

export async function findDeadLetter(connection: Pool | PoolClient, id: number): Promise<StoredDeadLetter | null> {
  const row = await letters(connection).where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : toLetter(row);
}

/** The newest open letter of a run: what stands between it and its end. */
export async function openLetterOf(pool: Pool, runId: string): Promise<StoredDeadLetter | null> {
  const newest = letters(pool)
    .where('run_id', '=', runId)
    .where('requeued_at', 'is', null)
    .where(sql<boolean>`not is_refused`)
    .orderBy('id', 'desc');
  const row = await newest.limit(1).executeTakeFirst();
  return row === undefined ? null : toLetter(row);
}

/** Letters that somebody wants to have taken up again, and that no hub has yet; oldest first. */
export async function lettersToSend(pool: Pool, limit: number): Promise<readonly StoredDeadLetter[]> {
  const rows = await letters(pool)
    .where('requeued_at', 'is not', null)
    .where('sent_at', 'is', null)
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(toLetter);
}

const letters = (connection: Pool | PoolClient) =>
  database<Tables>(connection)
    .selectFrom('dead_letter')
    .select(['id', 'at', 'source', 'name', 'reason', 'message', 'request_id', 'run_id', 'command_id'])
    .select(['requeued_at', 'requeued_by', 'sent_at', 'is_refused'])
    .select(sql<boolean>`length(message) >= ${KEEP_CHARACTERS}`.as('is_cut'));

const toLetter = (row: Awaited<ReturnType<ReturnType<typeof letters>['execute']>>[number]): StoredDeadLetter => ({
  id: row.id,
  at: row.at.toISOString(),
  source: row.source,
  name: row.name,
  reason: row.reason,
  message: row.message,
  isCut: row.is_cut,
  ...(row.is_refused ? { isRefused: true } : {}),
  requestId: row.request_id ?? undefined,
  runId: row.run_id ?? undefined,
  commandId: row.command_id ?? undefined,
  requeuedAt: row.requeued_at?.toISOString(),
  requeuedBy: row.requeued_by === null ? undefined : Actor.parse(JSON.parse(row.requeued_by)),
  sentAt: row.sent_at?.toISOString(),
});
