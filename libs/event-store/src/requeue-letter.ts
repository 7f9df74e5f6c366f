import { type Actor, JsonObject, readTraceparent } from '@baton/contracts';
import type { Pool, PoolClient } from 'pg';
import type { CommandRow } from './batch.js';
import { COMMAND_COLUMNS, type CommandTableRow, toCommand } from './commands.js';
import { database } from './database.js';
import type { StoredDeadLetter } from './dead-letters.js';
import { inTransaction } from './in-transaction.js';
import { begunBy, type PendingRequest } from './inbox.js';
import { query } from './pool.js';
import type { Tables } from './tables.js';

/** The request that a letter was, as the gateway had accepted it; null where it had not, or the letter was none. */
export async function acceptedOfLetter(
  pool: Pool,
  { id, requestId }: StoredDeadLetter,
): Promise<PendingRequest | null> {
  const row = await database<Tables>(pool, 'accepted-of-letter')
    .selectFrom('dead_letter')
    .select(['accepted_name', 'accepted'])
    .where('id', '=', id)
    .executeTakeFirst();
  const { accepted_name: name = null, accepted = null } = row ?? {};
  if (name === null || accepted === null || requestId === undefined) return null;
  return { requestId, name, message: JsonObject.parse(JSON.parse(accepted)) };
}

/**
 * Notes that a letter is to be taken up again, and accepts anew the request that it was, where it was one. The rest is left to
 * a hub: see `lettersToSend`.
 *
 * @returns false where somebody else was faster
 */
export async function requeueLetter(
  connection: Pool | PoolClient,
  asked: {
    readonly id: number;
    readonly by: Actor;
    readonly request: PendingRequest | null;
    /** Whether a hub has something to do as well. */
    readonly isForHub: boolean;
  },
): Promise<boolean> {
  const { id, by, request, isForHub } = asked;
  return inTransaction(connection, async (client) => {
    const { rowCount } = await client.query(
      `update baton.dead_letter set requeued_at = statement_timestamp(), requeued_by = $2,
              sent_at = case when $3 then statement_timestamp() end
        where id = $1 and requeued_at is null`,
      [id, JSON.stringify(by), !isForHub],
    );
    if (rowCount !== 1) return false;
    if (request !== null) {
      const { requestId, name } = request;
      const { traceparent, ...message } = request.message;
      await client.query(
        `insert into baton.inbox (request_id, name, message, begins, traceparent) values ($1, $2, $3, $4, $5)
           on conflict (request_id) do nothing`,
        [requestId, name, JSON.stringify(message), begunBy(request), readTraceparent(traceparent) ?? null],
      );
    }
    return true;
  });
}

/** A hub has done what a letter asked for. */
export async function letterSent(pool: Pool, id: number): Promise<void> {
  await query(
    pool,
    'letter-sent',
    'update baton.dead_letter set sent_at = statement_timestamp() where id = $1 and sent_at is null',
    [id],
  );
}

/** A command that somebody still waits for; null for any other. */
export async function openCommand(pool: Pool, commandId: string): Promise<CommandRow | null> {
  const [row] = await query<CommandTableRow>(
    pool,
    'open-command',
    `select ${COMMAND_COLUMNS} from baton.command c where c.command_id = $1`,
    [commandId],
  );
  return row === undefined ? null : toCommand(row);
}
