import { type CommandId, Json } from '@baton/contracts';
import type { Pool } from 'pg';
import { query } from './pool.js';

/** An answer of a model that was recorded for another command, of the same kind of worker. */
export interface CachedAnswer {
  readonly response: Json;
  readonly commandId: string;
  readonly at: Date;
}

/**
 * The answer to the request with this SHA-256 (hex), if there is one that is no older than `ttlSeconds`; null where there is
 * none, and where the command is not open or not one's own.
 */
export async function cachedAnswerOf(
  pool: Pool,
  commandId: CommandId,
  requestSha256: string,
  ttlSeconds: number,
): Promise<CachedAnswer | null> {
  const rows = await query<{ response: string; command_id: string; at: Date }>(
    pool,
    'cached-answer-of',
    'select response, command_id, at from baton.cached_answer_of($1, $2, $3)',
    [commandId, Buffer.from(requestSha256, 'hex'), ttlSeconds],
  );
  const [row] = rows;
  if (row === undefined) return null;
  return { response: Json.parse(JSON.parse(row.response)), commandId: row.command_id, at: new Date(row.at) };
}

/** Keeps an answer for whoever asks the very same, for so many seconds; without effect where the command is settled or the answer is large. */
export async function cacheAnswer(
  pool: Pool,
  commandId: CommandId,
  requestSha256: string,
  { response, ttlSeconds }: { readonly response: Json; readonly ttlSeconds: number },
): Promise<void> {
  await query(pool, 'cache-answer', 'select baton.cache_answer($1, $2, $3, $4)', [
    commandId,
    Buffer.from(requestSha256, 'hex'),
    JSON.stringify(response),
    ttlSeconds,
  ]);
}
