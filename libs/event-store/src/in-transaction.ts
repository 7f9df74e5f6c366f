import { BatonError } from '@baton/contracts';
import type { Pool, PoolClient } from 'pg';
import { asDatabaseError } from './database-errors.js';

/**
 * Runs `work` in a transaction: committed when it resolves, rolled back when it throws. Given the client of a transaction, it is
 * a part of that one, which has to be given up where this throws.
 *
 * @throws what `work` throws; RetryableError `database-unreachable`
 */
export async function inTransaction<T>(
  connection: Pool | PoolClient,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  if ('release' in connection) return work(connection);
  const pool = connection;
  const named = (thrown: unknown): never => {
    throw asDatabaseError(thrown, pool);
  };
  const client = await pool.connect().catch(named);
  // A server that goes away while the client waits for something else emits 'error'; unheard, it would end the process.
  let lost: Error | undefined;
  const onLost = (error: Error): void => {
    lost = error;
  };
  client.on('error', onLost);
  try {
    await client.query('begin').catch(named);
    const result = await work(client);
    await client.query('commit').catch(named);
    return result;
  } catch (error) {
    // It may lead to what was the primary: the next one looks for where that is now.
    if (error instanceof BatonError && error.code === 'database-read-only') lost ??= error;
    await client.query('rollback').catch((failure: Error) => {
      lost ??= failure;
    });
    throw error;
  } finally {
    client.off('error', onLost);
    // A connection whose transaction could not be ended must not be used again.
    client.release(lost);
  }
}
