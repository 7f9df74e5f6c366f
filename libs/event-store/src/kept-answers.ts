import type { Pool, PoolClient } from 'pg';
import { inTransaction } from './in-transaction.js';
import { query } from './pool.js';

/** By what a request that must have its effect once is told from others. Both are SHA-256. */
export interface OnceKey {
  readonly keySha256: Buffer;
  readonly askedSha256: Buffer;
}

/** `kept`: it was done before. `other`: the key stands for another request. `busy`: it is being done right now. */
export type OnceOutcome =
  | { readonly status: 'done' | 'kept'; readonly answer: Buffer }
  | { readonly status: 'other' }
  | { readonly status: 'busy' };

/** A key means nothing any more when it is older; what is there beyond that is as if it were not. */
const KEPT = `interval '24 hours'`;
const REMOVED_AT_ONCE = 100;

/** What is known of a request; null where nothing is, or not any more. */
export async function keptAnswer(connection: Pool | PoolClient, key: OnceKey): Promise<OnceOutcome | null> {
  const [row] = await query<{ asked_sha256: Buffer; answer: Buffer }>(
    connection,
    'kept-answer',
    `select asked_sha256, answer from baton.kept_answer where key_sha256 = $1 and at > clock_timestamp() - ${KEPT}`,
    [key.keySha256],
  );
  if (row === undefined) return null;
  return row.asked_sha256.equals(key.askedSha256) ? { status: 'kept', answer: row.answer } : { status: 'other' };
}

/**
 * Does something unless it was done, and keeps its answer, in one transaction: after a crash both are there, or neither is.
 *
 * @param work writes over the client alone: whoever held it and waited for another connection could wait for ever
 */
export async function doOnce(
  pool: Pool,
  key: OnceKey,
  work: (client: PoolClient) => Promise<Buffer>,
): Promise<OnceOutcome> {
  const outcome = await inTransaction(pool, async (client): Promise<OnceOutcome> => {
    // Ends with the transaction, however that ends; so what is being done is never more than what some process does.
    const [lock] = await query<{ ok: boolean }>(client, 'lock-once', 'select pg_try_advisory_xact_lock($1) as ok', [
      key.keySha256.readBigInt64BE().toString(),
    ]);
    if (lock?.ok !== true) return { status: 'busy' };
    const known = await keptAnswer(client, key);
    if (known !== null) return known;
    const answer = await work(client);
    await query(client, 'forget-answer', 'delete from baton.kept_answer where key_sha256 = $1', [key.keySha256]);
    await query(
      client,
      'keep-answer',
      'insert into baton.kept_answer (key_sha256, asked_sha256, answer) values ($1, $2, $3)',
      [key.keySha256, key.askedSha256, answer],
    );
    return { status: 'done', answer };
  });
  // Each new one takes old ones with it, so that they do not pile up.
  if (outcome.status === 'done') await removeOld(pool);
  return outcome;
}

const removeOld = (pool: Pool): Promise<unknown> =>
  query(
    pool,
    'remove-old-answers',
    `delete from baton.kept_answer where key_sha256 in
       (select key_sha256 from baton.kept_answer where at <= clock_timestamp() - ${KEPT} order by at limit ${REMOVED_AT_ONCE})`,
  );
