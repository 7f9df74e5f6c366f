import type { Pool } from 'pg';
import { query } from './pool.js';
import { storableText } from './storable-text.js';

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

const INSERT = `insert into baton.dead_letter (source, name, reason, message, request_id, run_id, command_id)
  values ($1, $2, $3, $4, $5, $6, $7)`;

/** Records the letter; where it was an accepted request, the inbox lets go of it in the same statement. */
export async function recordDeadLetter(pool: Pool, letter: DeadLetter): Promise<void> {
  const clean = (text: string | undefined): string | null => (text === undefined ? null : storableText(text));
  const values = [
    clean(letter.source),
    clean(letter.name),
    clean(letter.reason.slice(0, 4_000)),
    clean(letter.message.slice(0, KEEP_CHARACTERS)),
    clean(letter.requestId),
    clean(letter.runId),
    clean(letter.commandId),
  ];
  // A worker has no request to strike off, nor the right to.
  if (letter.requestId === undefined) await query(pool, 'record-dead-letter', INSERT, values);
  else
    await query(pool, 'strike-off', `with struck as (delete from baton.inbox where request_id = $5) ${INSERT}`, values);
}

/** Newest first; `before` is the id of the last one seen. */
export async function listDeadLetters(
  pool: Pool,
  page: { readonly limit: number; readonly before?: number },
): Promise<readonly StoredDeadLetter[]> {
  const rows = await query<{
    id: number;
    at: Date;
    source: string;
    name: string;
    reason: string;
    message: string;
    request_id: string | null;
    run_id: string | null;
    command_id: string | null;
  }>(
    pool,
    'list-dead-letters',
    `select id, at, source, name, reason, message, request_id, run_id, command_id from baton.dead_letter
      where $1::bigint is null or id < $1 order by id desc limit $2`,
    [page.before ?? null, page.limit],
  );
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
