import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { appendBatch } from './append.js';
import { createPool } from './pool.js';
import { knowledgeOfRun, lastOutputWithFiles, workspaceVersions } from './task-outputs.js';
import { createTestDatabase, type TestDatabase } from './testing/database.js';
import { aLane, anEvent, anItem } from './testing/store.js';

let database: TestDatabase;
let hub: Pool;
let gateway: Pool;
beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'));
  hub = createPool(database.url, { role: 'hub', applicationName: 'task-outputs' });
  gateway = createPool(database.url, { role: 'gateway', applicationName: 'task-outputs' });
});
afterAll(async () => {
  await Promise.all([hub?.end(), gateway?.end()]);
  await database?.drop();
});

test('what a task made and read is found, also where it said what Postgres cannot read', async () => {
  const run = randomUUID();
  const tree = 'ab'.repeat(32);
  const output = { files: [{ path: 'a.txt', content: 'NUL \u0000, half \ud83d' }], workspace: { base: null, tree } };
  const knowledge = { read: [], leftOut: [{ location: 'a\u0000b', reason: 'no such file' }], searched: null };
  const events = [
    anEvent({ type: 'StateEntered', data: { visit: 7, state: 'Build', input: '\u0000' } }),
    anEvent({ type: 'TaskSucceeded', data: { commandId: `${run}-1`, visit: 7, output, knowledge } }),
    anEvent({ type: 'TaskSucceeded', data: { commandId: `${run}-2`, visit: 8, output: 'ELF\u0000' } }),
  ];
  expect(await appendBatch(hub, await aLane(hub), 0, [anItem(run, { events })])).toMatchObject({ ok: true });
  expect(await lastOutputWithFiles(gateway, run)).toEqual(output);
  expect(await workspaceVersions(gateway, run)).toMatchObject([{ version: 2, base: null, tree }]);
  expect(await knowledgeOfRun(gateway, run)).toMatchObject([
    { state: 'Build', knowledge: { leftOut: [{ reason: 'no such file' }] } },
  ]);
});
