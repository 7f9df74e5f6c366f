import { createPool, eventStoreMigrations } from '@baton/event-store';
import { createTestDatabase, type TestDatabase } from '@baton/event-store/testing';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { checkDocument } from './check-document.js';
import { catalogMigrations } from './migrations.js';
import { openCatalog } from './open-catalog.js';
import { publishWorkflow } from './publish-workflow.js';
import { document } from './testing/document.js';
import { withdrawWorkflow } from './withdraw-workflow.js';

let database: TestDatabase;
let gateway: Pool;
let hub: Pool;
beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'), [eventStoreMigrations, catalogMigrations]);
  const open = (role: 'gateway' | 'hub') => createPool(database.url, { role, applicationName: 'withdrawal-test' });
  [gateway, hub] = [open('gateway'), open('hub')];
});
afterAll(async () => {
  await Promise.all([gateway?.end(), hub?.end()]);
  await database?.drop();
});

const ada = { type: 'user', id: 'ada' } as const;

async function publish(name: string, version: string) {
  const checked = checkDocument({ ...document, name, version });
  if (!checked.ok) throw new Error('the test document is wrong');
  return publishWorkflow(gateway, openCatalog(gateway, []), checked, ada);
}
const versionOf = async (catalog: ReturnType<typeof openCatalog>, ref: string) =>
  (await catalog.find(ref))?.document.version;

describe('a withdrawn workflow', () => {
  test('is offered to nobody, and kept for what was accepted before', async () => {
    for (const version of ['1.0.0', '2.0.0', '3.0.0']) await publish('withdrawn', version);
    const catalog = openCatalog(hub, []);
    expect(await withdrawWorkflow(gateway, { name: 'withdrawn', version: '3.0.0' }, ada)).toEqual(['3.0.0']);
    expect(await versionOf(catalog, 'withdrawn')).toBe('2.0.0');
    expect(await catalog.find('withdrawn@3.0.0')).toBeUndefined();
    expect((await catalog.find('withdrawn@3.0.0', 'kept'))?.document.version).toBe('3.0.0');
    expect((await withdrawWorkflow(gateway, { name: 'withdrawn', version: undefined }, ada)).length).toBe(3);
    expect(await catalog.find('withdrawn')).toBeUndefined();
    expect(await catalog.names()).not.toContain('withdrawn');
    const { workflows } = await catalog.list();
    expect(workflows.some(({ document: { name } }) => name === 'withdrawn')).toBe(false);
  });

  test('is not published again under its version', async () => {
    await publish('gone', '1.0.0');
    await withdrawWorkflow(gateway, { name: 'gone', version: '1.0.0' }, ada);
    expect(await publish('gone', '1.0.0')).toMatchObject({ status: 'withdrawn' });
    expect(await publish('gone', '1.0.1')).toMatchObject({ status: 'published' });
  });

  test('that never was is none', async () => {
    expect(await withdrawWorkflow(gateway, { name: 'never-was', version: undefined }, ada)).toEqual([]);
  });
});
