import { type CommandId, Json } from '@baton/contracts';
import type { Pool } from 'pg';
import { query } from './pool.js';

/*
 * Through functions of the database, which look at who logged in: a worker reads and writes for commands of its own kind,
 * and only as long as they are open.
 */

/** The recorded response of a command's model call (`callIndex` from 0); null when that call was not finished yet. */
export async function journalRead(pool: Pool, commandId: CommandId, callIndex: number): Promise<Json | null> {
  const rows = await query<{ response: string | null }>(
    pool,
    'journal-read',
    'select baton.journal_read($1, $2) as response',
    [commandId, callIndex],
  );
  const response = rows[0]?.response ?? null;
  return response === null ? null : Json.parse(JSON.parse(response));
}

/**
 * The same of a task before, for the one that goes on with it: null also where the message of the open command `commandId` does
 * not name it.
 */
export async function journalBefore(
  pool: Pool,
  commandId: CommandId,
  earlier: CommandId,
  callIndex: number,
): Promise<Json | null> {
  const rows = await query<{ response: string | null }>(
    pool,
    'journal-before',
    'select baton.journal_before($1, $2, $3) as response',
    [commandId, earlier, callIndex],
  );
  const response = rows[0]?.response ?? null;
  return response === null ? null : Json.parse(JSON.parse(response));
}

/** Records a response. The first one counts: of two workers at the same task the slower one changes nothing. */
export async function journalWrite(pool: Pool, commandId: CommandId, callIndex: number, response: Json): Promise<void> {
  await query(pool, 'journal-write', 'select baton.journal_write($1, $2, $3)', [
    commandId,
    callIndex,
    JSON.stringify(response),
  ]);
}

/** All that is recorded of a command, in its order; at most a thousand. For whoever may look into any step. */
export async function journalOf(pool: Pool, commandId: string): Promise<readonly Json[]> {
  const rows = await query<{ response: string }>(pool, 'journal-of', 'select response from baton.journal_of($1)', [
    commandId,
  ]);
  return rows.map(({ response }) => Json.parse(JSON.parse(response)));
}
