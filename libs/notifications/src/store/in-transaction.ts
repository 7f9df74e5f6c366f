import type { Pool, PoolClient } from 'pg';

/** Commits when `work` resolves, and rolls back when it throws. */
export async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let isBroken = true;
  try {
    await client.query('begin');
    const result = await work(client).catch(async (error: unknown) => {
      await client.query('rollback');
      isBroken = false;
      throw error;
    });
    await client.query('commit');
    isBroken = false;
    return result;
  } finally {
    // A connection whose transaction was not ended in order is thrown away, and the server ends it.
    client.release(isBroken);
  }
}
