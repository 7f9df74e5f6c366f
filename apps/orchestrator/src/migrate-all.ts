import { catalogMigrations } from '@baton/catalog';
import { BatonError, describeError, type LimitPolicy, toError } from '@baton/contracts';
import {
  acceptLogLoss,
  createPool,
  eventStoreMigrations,
  type LogLoss,
  migrate,
  provideLogins,
  setArchiveRule,
  setLimits,
  setShard,
} from '@baton/event-store';
import { prepareQueues } from '@baton/messaging';
import { notificationsMigrations } from '@baton/notifications';
import { readModelMigrations } from '@baton/read-model';
import { type MigrationEnv, readMigrationEnv, readProducerEnv } from './env.js';
import { readLimitsFile } from './places/limits-file.js';
import { queuesOf } from './queues.js';

/**
 * Everything that stores something is brought to the version of this program; the logins of services get their passwords,
 * where these are given, and their rights. Safe to run at any time, by several.
 *
 * @returns why the logins could not be provided: the user may not make roles. All else is done then.
 */
export async function migrateAll(): Promise<string | null> {
  const env = readMigrationEnv();
  // Before anything is changed: a mistake in it is told at once.
  const limits = env.limitsFile === undefined ? null : await readLimitsFile(env.limitsFile);
  await migrate(env.DATABASE_URL, [
    eventStoreMigrations,
    catalogMigrations,
    readModelMigrations,
    notificationsMigrations,
  ]);
  await sayRules(env, limits);
  const refusal = await provide(env);
  // The queues on Postgres give each login that there is by now its rights.
  await prepareQueues(queuesOf(env));
  return refusal;
}

/** Only the owner of the database says which log it is, how old runs must be to leave it, and how much may be under way at once. */
async function sayRules(
  { DATABASE_URL, archiveAfterSeconds, shard }: MigrationEnv,
  limits: LimitPolicy | null,
): Promise<void> {
  const pool = createPool(DATABASE_URL, { role: 'owner', applicationName: 'baton-migrate', max: 1 });
  try {
    if (shard !== null) await setShard(pool, shard);
    await setArchiveRule(pool, archiveAfterSeconds);
    if (limits !== null) await setLimits(pool, limits);
  } finally {
    await pool.end();
  }
}

/** @returns as migrateAll */
export const provideAllLogins = (): Promise<string | null> => provide(readMigrationEnv());

async function provide({ DATABASE_URL, passwords }: MigrationEnv): Promise<string | null> {
  try {
    await provideLogins(DATABASE_URL, passwords);
    return null;
  } catch (thrown) {
    const error = toError(thrown);
    if (error instanceof BatonError && error.code === 'database-forbidden') return describeError(error);
    throw error;
  }
}

/** Has hubs go on from a log that lost its end. @returns what was lost, as it was found */
export async function acceptLoss(): Promise<readonly LogLoss[]> {
  const { DATABASE_URL } = readMigrationEnv();
  const pool = createPool(DATABASE_URL, { role: 'owner', applicationName: 'baton-migrate', max: 1 });
  try {
    return await acceptLogLoss(pool, readProducerEnv().BATON_PRODUCER_BY);
  } finally {
    await pool.end();
  }
}
