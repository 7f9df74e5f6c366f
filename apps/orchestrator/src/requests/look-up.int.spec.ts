import { catalogMigrations } from '@baton/catalog';
import { acceptRequest, createPool, eventStoreMigrations } from '@baton/event-store';
import { createTestDatabase, type TestDatabase } from '@baton/event-store/testing';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { lookUpIn } from './look-up.js';

let database: TestDatabase;
let gateway: Pool;
let hub: Pool;
beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'), [eventStoreMigrations, catalogMigrations]);
  const open = (role: 'gateway' | 'hub') => createPool(database.url, { role, applicationName: 'look-up-test' });
  [gateway, hub] = [open('gateway'), open('hub')];
});
afterAll(async () => {
  await Promise.all([gateway?.end(), hub?.end()]);
  await database?.drop();
});

test('requests that come at the same moment are looked up in one query, each with its own row', async () => {
  const message = { requestId: 'known', workflow: 'w', input: { n: 1 } };
  await acceptRequest(gateway, { requestId: 'known', name: 'submit', message, traceparent: 'a trace' });
  const lookUp = lookUpIn(hub);
  const queries = vi.spyOn(hub, 'query');
  const ids = ['known', 'new', 'known', 'half a pair \ud800', 'nul \u0000'];
  const found = await Promise.all(ids.map(lookUp));
  expect(queries).toHaveBeenCalledTimes(1);
  queries.mockRestore();
  const known = { requestId: 'known', name: 'submit', message: { ...message, traceparent: 'a trace' } };
  expect(found.map(({ accepted }) => accepted)).toEqual([known, null, known, null, null]);
  expect(new Set(found.map(({ change }) => change))).toEqual(new Set([0]));
});
