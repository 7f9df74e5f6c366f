import { catalogMigrations } from '@baton/catalog';
import { LOGINS, type Login, loginUrl } from '@baton/contracts';
import { createPool, eventStoreMigrations, provideLogins } from '@baton/event-store';
import { createTestDatabase } from '@baton/event-store/testing';
import { prepareQueues } from '@baton/messaging';
import { withQueues } from '@baton/messaging/testing';
import { notificationsMigrations } from '@baton/notifications';
import { readModelMigrations } from '@baton/read-model';
import { Client, type Pool } from 'pg';

/** What the database answers to whoever lacks a right. */
export const FORBIDDEN = '42501';

export const SETS = [eventStoreMigrations, catalogMigrations, readModelMigrations, notificationsMigrations];

/** Roles belong to the server, and files run side by side: all give the same passwords. */
export const PASSWORDS = Object.fromEntries(LOGINS.map((login) => [login, `in-tests-login-of-${login}`]));

export interface DatabaseWithLogins {
  readonly url: string;
  readonly owner: Pool;
  readonly urlFor: (login: Login) => string;
  /** Works on a connection of a login. */
  readonly as: <T>(login: Login, work: (client: Client) => Promise<T>) => Promise<T>;
  readonly drop: () => Promise<void>;
}

/** A database as `migrate` leaves it, with the queues in it and a password for each login. */
export async function createDatabaseWithLogins(postgresUrl: string): Promise<DatabaseWithLogins> {
  const database = await createTestDatabase(postgresUrl, SETS, [withQueues]);
  await provideLogins(database.url, PASSWORDS);
  await prepareQueues({ backend: 'postgres', url: database.url });
  const owner = createPool(database.url, { role: 'owner', max: 2, applicationName: 'logins-test' });
  const urlFor = (login: Login): string => loginUrl(database.url, login, PASSWORDS[login] ?? '');
  return {
    url: database.url,
    owner,
    urlFor,
    as: async (login, work) => {
      const client = new Client({ connectionString: urlFor(login), application_name: `logins-test-${login}` });
      await client.connect();
      try {
        return await work(client);
      } finally {
        await client.end();
      }
    },
    drop: async () => {
      await owner.end();
      await database.drop();
    },
  };
}

/** Runs a statement that must leave nothing; the code of what the database says against it, or null. */
export async function outcomeOf(client: Client, statement: string): Promise<string | null> {
  await client.query('begin');
  try {
    await client.query(statement);
    return null;
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown);
  } finally {
    await client.query('rollback');
  }
}
