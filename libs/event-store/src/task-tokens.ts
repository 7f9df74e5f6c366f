import { createHmac, createSecretKey } from 'node:crypto';
import { type CommandId, provenByToken, type ReadTaskToken, taskTokenOf } from '@baton/contracts';
import type { Pool } from 'pg';
import { one, query } from './pool.js';

/** The token of a task: the same in every hub, whenever it is made. */
export type TaskTokenOf = (commandId: CommandId) => string;

/** Reads the key of this database, which only hubs may, and makes tokens with it. */
export async function readTaskTokens(pool: Pool): Promise<TaskTokenOf> {
  const rows = await query<{ key: Buffer }>(pool, 'queue-key', 'select key from baton.queue_key');
  const key = createSecretKey(one(rows, 'the key of the queues').key);
  return (commandId) =>
    taskTokenOf(commandId, createHmac('sha256', key).update(provenByToken(commandId)).digest('base64url'));
}

/**
 * `wrong`: nobody was given this token. `unknown`: its run is not there. `closed`: the task was answered, or its time was up, or its
 * run goes on without it.
 */
export type TokenStanding = 'wrong' | 'unknown' | 'closed' | 'open';

/** How the task of a token stands. @param beats whether it gives a sign of life with that */
export async function taskByToken(
  pool: Pool,
  { commandId, runId, proof }: ReadTaskToken,
  { beats }: { readonly beats: boolean },
): Promise<TokenStanding> {
  const rows = await query<{ standing: TokenStanding }>(
    pool,
    'task-by-token',
    'select baton.task_by_token($1, $2, $3, $4) as standing',
    [commandId, runId, Buffer.from(proof, 'base64url'), beats],
  );
  return one(rows, 'the task of a token').standing;
}
