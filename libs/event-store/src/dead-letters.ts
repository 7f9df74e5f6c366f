import { storableText } from '@baton/contracts';
import type { Pool } from 'pg';
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
  /** RFC 3339. */
  readonly at: string;
}

/** Most bytes of a message that are kept: whoever sends megabytes of nonsense must not fill the database. */
const KEEP_CHARACTERS = 256 * 1024;

/** Records the letter; where it was an accepted request, the inbox lets go of it in the same statement. */
export async function recordDeadLetter(pool: Pool, letter: DeadLetter): Promise<void> {
  const clean = (text: string | undefined): string | null => (text === undefined ? null : storableText(text));
  const values = {
    source: storableText(letter.source),
    name: storableText(letter.name),
    reason: storableText(letter.reason.slice(0, 4_000)),
    message: storableText(letter.message.slice(0, KEEP_CHARACTERS)),
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
    .with('struck', (db) => db.deleteFrom('inbox').where('request_id', '=', request_id))
    .insertInto('dead_letter')
    .values({ ...values, request_id })
    .execute();
}

/** Newest first; `before` is the id of the last one seen. */
export async function listDeadLetters(
  pool: Pool,
  { limit, before }: { readonly limit: number; readonly before?: number },
): Promise<readonly StoredDeadLetter[]> {
  const rows = await database<Tables>(pool)
    .selectFrom('dead_letter')
    .select(['id', 'at', 'source', 'name', 'reason', 'message', 'request_id', 'run_id', 'command_id'])
    .$if(before !== undefined, (query) => query.where('id', '<', before ?? 0))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    at: row.at.toISOString(),
    source: row.source,
    name: row.name,
    reason: row.reason,
    message: row.message,
    requestId: row.request_id ?? undefined,
    runId: row.run_id ?? undefined,
    commandId: row.command_id ?? undefined,
  }));
}
