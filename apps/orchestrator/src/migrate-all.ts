import { catalogMigrations } from '@baton/catalog';
import { eventStoreMigrations, migrate } from '@baton/event-store';
import { prepareQueues } from '@baton/messaging';
import { notificationsMigrations } from '@baton/notifications';
import { readModelMigrations } from '@baton/read-model';
import { readDatabaseEnv } from './env.js';
import { queuesOf } from './queues.js';

/** Everything that stores something is brought to the version of this program. Safe to run at any time, by several. */
export async function migrateAll(): Promise<void> {
  const env = readDatabaseEnv();
  await migrate(env.DATABASE_URL, [
    eventStoreMigrations,
    catalogMigrations,
    readModelMigrations,
    notificationsMigrations,
  ]);
  await prepareQueues(queuesOf(env));
}
