import { createPool, eventStoreMigrations } from '@baton/event-store';
import { createTestDatabase, type TestDatabase } from '@baton/event-store/testing';
import { canonicalSha256 } from '@baton/workflow';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { checkDocument } from './check-document.js';
import { catalogMigrations } from './migrations.js';
import { openCatalog } from './open-catalog.js';
import { publishWorkflow } from './publish-workflow.js';
import { document } from './testing/document.js';

let database: TestDatabase;
let gateway: Pool;
let hub: Pool;
let owner: Pool;
beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'), [eventStoreMigrations, catalogMigrations]);
  const open = (role: 'gateway' | 'hub' | 'owner') =>
    createPool(database.url, { role, applicationName: 'catalog-test', max: 2 });
  [gateway, hub, owner] = [open('gateway'), open('hub'), open('owner')];
});
afterAll(async () => {
  await Promise.all([gateway?.end(), hub?.end(), owner?.end()]);
  await database?.drop();
});

const ada = { type: 'user', id: 'ada' } as const;

test('a workflow that was published before the rule of the default language keeps its meaning, one of today has the new', async () => {
  const inner = (Output: string) => ({
    StartAt: 'B',
    States: { B: { Type: 'Pass', ...(Output && { Output }), End: true } },
  });
  const definition = (Output: string) => ({
    StartAt: 'A',
    States: { A: { Type: 'Map', QueryLanguage: 'JSONata', Items: [1], ItemProcessor: inner(Output), End: true } },
  });
  const old = { ...document, name: 'old-rule', definition: definition('{% $states.input + 1 %}') };
  await owner.query(
    `insert into baton.workflow (name, version, sha256, document, published_by) values ('old-rule', $1, decode($2, 'hex'), $3, $4)`,
    [old.version, canonicalSha256(old), JSON.stringify(old), JSON.stringify(ada)],
  );
  const found = await openCatalog(hub, []).find('old-rule');
  expect(found).toMatchObject({
    sha256: canonicalSha256(old),
    document: { definition: { States: { A: { ItemProcessor: { QueryLanguage: 'JSONata' } } } } },
  });
  const today = checkDocument({ ...document, name: 'new-rule', definition: definition('') });
  if (!today.ok) throw new Error('the test document is wrong');
  await publishWorkflow(gateway, openCatalog(gateway, []), today, ada);
  expect((await openCatalog(hub, []).find('new-rule'))?.document.definition).toEqual(definition(''));
});
