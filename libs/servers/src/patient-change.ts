import { setTimeout as sleep } from 'node:timers/promises';
import { BatonError, toError } from '@baton/contracts';
import type pg from 'pg';

/**
 * What is under way in a table holds up who would change it, and he who waits holds up everybody behind him: so nobody waits for
 * long, but lets them go first and tries again. Nor do programs take their locks in the order in which changes do.
 */
const LOCK_TIMEOUT = '2s';
const AGAIN_AFTER_MS = 500;
const PATIENCE_MS = 120_000;
const HELD_UP: ReadonlySet<string> = new Set(['40P01', '55P03']);

interface PatientChange {
  /** A sentence about it begins with this. */
  readonly what: string;
  /** How long it is tried where others hold it up. */
  readonly patienceMs?: number | undefined;
}

/**
 * Changes tables in a transaction while programs work with them, and tries again for as long as they are in its way.
 *
 * @param change is called for each try, within the transaction
 * @throws BatonError `migration-held-up`; what the change throws
 */
export async function changePatiently(
  client: pg.Client,
  { what, patienceMs = PATIENCE_MS }: PatientChange,
  change: () => Promise<unknown>,
): Promise<void> {
  for (const until = performance.now() + patienceMs; ; ) {
    try {
      return await changeOnce(client, change);
    } catch (thrown) {
      const error = toError(thrown);
      if (!('code' in error && HELD_UP.has(String(error.code)))) throw thrown;
      if (performance.now() >= until) throw heldUp(what, error);
      await sleep(AGAIN_AFTER_MS);
    }
  }
}

const heldUp = (what: string, cause: Error): BatonError =>
  new BatonError(`${what} could not be applied, since others hold what it changes: ${cause.message}.`, {
    code: 'migration-held-up',
    next: 'Look in pg_stat_activity for transactions that are open for long, end them, and run it again.',
    cause,
  });

async function changeOnce(client: pg.Client, change: () => Promise<unknown>): Promise<void> {
  await client.query('begin');
  try {
    await client.query(`set local lock_timeout = '${LOCK_TIMEOUT}'`);
    await change();
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => {
      // The connection is gone, and the transaction with it.
    });
    throw error;
  }
}
