import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LOGINS, loginUrl } from '@baton/contracts';
import { provideLogins } from '@baton/event-store';
import { startEmbeddedPostgres } from '@baton/service-kit';
import { Client } from 'pg';
import { expect, test } from 'vitest';
import { PASSWORDS } from './testing/database-with-logins.js';

/* Roles belong to the server, locks to a database: on a server of its own, where nobody has made them yet. */

test('databases of one server may get their logins at the same moment', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'baton-logins-'));
  const server = await startEmbeddedPostgres({ dataDir: join(dataDir, 'data'), log: () => {} });
  try {
    const asOwner = async <T>(url: string, work: (client: Client) => Promise<T>): Promise<T> => {
      const client = new Client({ connectionString: url });
      await client.connect();
      return work(client).finally(() => client.end());
    };
    const urls = ['one', 'two', 'three', 'four'].map(
      (name) => Object.assign(new URL(server.url), { pathname: name }).href,
    );
    await asOwner(server.url, async (client) => {
      for (const url of urls) await client.query(`create database ${new URL(url).pathname.slice(1)}`);
    });
    await Promise.all(urls.map((url) => provideLogins(url, PASSWORDS)));
    for (const login of LOGINS) {
      const [url = ''] = urls;
      const as = await asOwner(loginUrl(url, login, PASSWORDS[login] ?? ''), (client) =>
        client.query('select 1 as one'),
      );
      expect(as.rows).toEqual([{ one: 1 }]);
    }
  } finally {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
});
