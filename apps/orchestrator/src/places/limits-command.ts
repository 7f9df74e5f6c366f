import { BatonError, toError } from '@baton/contracts';
import { createPool, readLimits, setLimits } from '@baton/event-store';
import { readDatabaseEnv } from '../env.js';
import { readLimitsFile } from './limits-file.js';

/**
 * `show`, `apply FILE` or `clear`: under the rights of the owner of the database, so that no service says how much it may do.
 *
 * @returns what is to be printed as JSON: the limits that are in force
 */
export async function limitsCommand([what, path]: readonly string[]): Promise<unknown> {
  // Before the database: a mistake in it is told whether that is there or not.
  const policy = what === 'apply' && path !== undefined ? await readLimitsFile(path) : null;
  if (policy === null && what !== 'show' && what !== 'clear') {
    throw new BatonError(`There is nothing like limits ${what}.`, {
      code: 'usage',
      next: 'show, apply FILE or clear.',
    });
  }
  const pool = createPool(readDatabaseEnv().DATABASE_URL, { role: 'owner', applicationName: 'baton-limits', max: 1 });
  try {
    if (what !== 'show') await setLimits(pool, policy);
    return { ...(await readLimits(pool)) };
  } catch (thrown) {
    const error = toError(thrown);
    if (!('code' in error) || !/^(42501|permission-denied|database-forbidden)$/.test(String(error.code))) throw error;
    throw new BatonError(`The limits cannot be changed here: ${error.message}.`, {
      code: 'database-forbidden',
      next: 'Set DATABASE_URL to the database of Baton as its owner.',
      cause: thrown,
    });
  } finally {
    await pool.end();
  }
}
