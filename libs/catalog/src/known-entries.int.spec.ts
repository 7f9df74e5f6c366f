import { createPool, eventStoreMigrations } from '@baton/event-store';
import { createTestDatabase, type TestDatabase } from '@baton/event-store/testing';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { checkDocument } from './check-document.js';
import { CHECKS_IN_PLACE } from './checks.js';
import { catalogMigrations } from './migrations.js';
import { openCatalog } from './open-catalog.js';
import { publishWorkflow } from './publish-workflow.js';
import { document } from './testing/document.js';
import { withdrawWorkflow } from './withdraw-workflow.js';
import { readChange } from './workflow-table.js';

let database: TestDatabase;
let gateway: Pool;
let hub: Pool;
beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'), [eventStoreMigrations, catalogMigrations]);
  const open = (role: 'gateway' | 'hub') => createPool(database.url, { role, applicationName: 'as-of-test' });
  [gateway, hub] = [open('gateway'), open('hub')];
});
afterAll(async () => {
  await Promise.all([gateway?.end(), hub?.end()]);
  await database?.drop();
});

const ada = { type: 'user', id: 'ada' } as const;

function workflow(name: string, version: string) {
  const checked = checkDocument({ ...document, name, version });
  if (!checked.ok) throw new Error('the test document is wrong');
  return checked;
}
const publish = (name: string, version: string) =>
  publishWorkflow(gateway, openCatalog(gateway, []), workflow(name, version), ada);

test('a published workflow is found without any query by whoever knows that nothing has changed, and anew once something has', async () => {
  await publish('as-of', '1.0.0');
  const catalog = openCatalog(hub, []);
  const change = await readChange(hub);
  await catalog.asOf(change).find('as-of');
  const queries = vi.spyOn(hub, 'query');
  try {
    expect((await catalog.asOf(change).find('as-of'))?.document.version).toBe('1.0.0');
    expect(queries).not.toHaveBeenCalled();
  } finally {
    queries.mockRestore();
  }
  await publish('as-of', '2.0.0');
  const later = await readChange(hub);
  expect(later).toBeGreaterThan(change);
  expect((await catalog.asOf(later).find('as-of'))?.document.version).toBe('2.0.0');
  await withdrawWorkflow(gateway, { name: 'as-of', version: '2.0.0' }, ada);
  expect((await catalog.asOf(await readChange(hub)).find('as-of'))?.document.version).toBe('1.0.0');
});

test('a version that comes while an older state is looked at is not hidden by what that look finds', async () => {
  await publish('raced', '1.0.0');
  const catalog = openCatalog(hub, []);
  const before = await readChange(hub);
  const slow = catalog.asOf(before).find('raced');
  await publish('raced', '2.0.0');
  const after = await readChange(hub);
  expect((await catalog.asOf(after).find('raced'))?.document.version).toBe('2.0.0');
  await slow;
  expect((await catalog.asOf(after).find('raced'))?.document.version).toBe('2.0.0');
});

test('what is published under other names than those that are asked for is not read for a list', async () => {
  await publish('asked-for', '1.0.0');
  await publish('left-out', '1.0.0');
  const read: unknown[] = [];
  const catalog = openCatalog(hub, [{ ...workflow('left-out', '2.0.0'), file: 'left-out.yaml' }], {
    ...CHECKS_IN_PLACE,
    document: (given) => {
      read.push(given);
      return CHECKS_IN_PLACE.document(given);
    },
  });
  const { workflows } = await catalog.list((name) => name === 'asked-for');
  expect(workflows.map((entry) => entry.document.name)).toEqual(['asked-for']);
  expect(read).toMatchObject([{ name: 'asked-for' }]);
});
