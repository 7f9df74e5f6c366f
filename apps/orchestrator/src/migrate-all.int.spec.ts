import { cp, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogMigrations, checkDocument, openCatalog } from '@baton/catalog';
import { assertSchema, createPool, eventStoreMigrations, migrate } from '@baton/event-store';
import { createTestDatabase } from '@baton/event-store/testing';
import { notificationsMigrations } from '@baton/notifications';
import { readModelMigrations } from '@baton/read-model';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';

const NOW = [eventStoreMigrations, catalogMigrations, readModelMigrations, notificationsMigrations];

/** The migrations of the read model as they were while the table of published workflows was one of them. */
let before: string;
beforeAll(async () => {
  before = await mkdtemp(join(tmpdir(), 'migrations-'));
  for (const file of ['0001_run_view.sql', '0003_runs_that_are_steered.sql', '0004_decisions.sql'])
    await cp(join(readModelMigrations.directory, file), join(before, file));
  await cp(
    join(catalogMigrations.directory, '0001_published_workflows.sql'),
    join(before, '0002_published_workflows.sql'),
  );
});
afterAll(async () => {
  await rm(before, { recursive: true, force: true });
});

describe('a database whose read model kept the published workflows', () => {
  test.each([1, 2, 3, 4])('at its version %i is brought to this program, and starts', async (version) => {
    const database = await createTestDatabase(inject('postgresUrl'), [eventStoreMigrations]);
    const directory = await mkdtemp(join(tmpdir(), 'migrations-'));
    const pool = createPool(database.url, { role: 'owner', applicationName: 'migrate-test' });
    try {
      await cp(before, directory, { recursive: true });
      for (const file of ['0004_decisions.sql', '0003_runs_that_are_steered.sql', '0002_published_workflows.sql'])
        if (Number(file.slice(0, 4)) > version) await rename(join(directory, file), join(directory, `later-${file}`));
      await migrate(database.url, [{ component: 'read-model', directory }]);
      const checked = checkDocument(greeting);
      if (!checked.ok) throw new Error('the test document is wrong');
      // As the program of that time did.
      if (version > 1) {
        await pool.query(
          `insert into baton.workflow (name, version, sha256, document, published_by)
           values ($1, $2, decode($3, 'hex'), $4, '{"type":"user","id":"ada"}')`,
          [greeting.name, greeting.version, checked.sha256, JSON.stringify(greeting)],
        );
      }

      await migrate(database.url, NOW);
      await migrate(database.url, NOW);
      await assertSchema(pool, NOW);
      expect((await openCatalog(pool, []).find('greet'))?.document.version).toBe(version > 1 ? '1.2.3' : undefined);
    } finally {
      await pool.end();
      await database.drop();
      await rm(directory, { recursive: true });
    }
  });
});

const greeting = {
  name: 'greet',
  version: '1.2.3',
  title: 'A greeting',
  definition: { StartAt: 'Hello', States: { Hello: { Type: 'Succeed' } } },
};
