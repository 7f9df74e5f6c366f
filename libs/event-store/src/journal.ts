import { type CommandId, Json } from '@baton/contracts';
import type { Pool } from 'pg';
import { query } from './pool.js';

/** The recorded response of a command's model call (`callIndex` from 0); null when that call was not finished yet. */
export async function journalRead(pool: Pool, commandId: CommandId, callIndex: number): Promise<Json | null> {
  const rows = await query<{ response: string }>(
    pool,
    'journal-read',
    'select response from baton.llm_journal where command_id = $1 and call_index = $2',
    [commandId, callIndex],
  );
  const [row] = rows;
  return row === undefined ? null : Json.parse(JSON.parse(row.response));
}

/** Records a response. The first one counts: of two workers at the same task the slower one changes nothing. */
export async function journalWrite(pool: Pool, commandId: CommandId, callIndex: number, response: Json): Promise<void> {
  await query(
    pool,
    'journal-write',
    `insert into baton.llm_journal (command_id, call_index, response) values ($1, $2, $3)
     on conflict (command_id, call_index) do nothing`,
    [commandId, callIndex, JSON.stringify(response)],
  );
}
