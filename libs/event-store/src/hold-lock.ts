import type { Pool, PoolClient } from 'pg';
import { asDatabaseError } from './database-errors.js';

/**
 * Holds a lock of a transaction, on a connection of its own, until the function that it gives is called. Such a transaction
 * reads nothing and so holds up no cleaning; it is idle for as long as the lock is held.
 *
 * @param take takes the lock; false where somebody else has it
 * @returns null where it was not taken
 */
export async function holdLock(
  pool: Pool,
  take: (client: PoolClient) => Promise<boolean>,
): Promise<(() => Promise<void>) | null> {
  const named = (thrown: unknown): never => {
    throw asDatabaseError(thrown, pool);
  };
  const client = await pool.connect().catch(named);
  // One that breaks meanwhile has lost the lock, as it would have by the session.
  let lost: Error | undefined;
  const onLost = (error: Error): void => {
    lost = error;
  };
  client.on('error', onLost);
  const end = async (): Promise<void> => {
    await client.query('commit').catch((failure: Error) => {
      lost ??= failure;
    });
    client.off('error', onLost);
    // A connection whose transaction could not be ended must not be used again.
    client.release(lost);
  };
  try {
    await client.query('begin').catch(named);
    await client.query('set local idle_in_transaction_session_timeout = 0').catch(named);
    if (await take(client)) return end;
  } catch (thrown) {
    client.release(true);
    throw thrown;
  }
  await end();
  return null;
}
