import { randomUUID } from 'node:crypto';
import { createPool, eventStoreMigrations } from '@baton/event-store';
import { createTestDatabase, type TestDatabase } from '@baton/event-store/testing';
import type { RunEvent } from '@baton/workflow';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { readModelMigrations } from '../migrations.js';
import { rebuild } from '../projection/project-page.js';
import { runStarted } from '../testing/events.js';
import { openTestLog, type TestLog } from '../testing/test-log.js';
import { listRuns } from './list-runs.js';
import type { RunFilter } from './run-filter.js';

let database: TestDatabase;
let pool: Pool;
let log: TestLog;
beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'), [eventStoreMigrations, readModelMigrations]);
  pool = createPool(database.url, { role: 'gateway', max: 2, applicationName: 'run-filter-test' });
  log = await openTestLog(database.url);
});
afterAll(async () => {
  await log?.close();
  await pool?.end();
  await database?.drop();
});

const entered: RunEvent = { type: 'StateEntered', data: { visit: 1, frame: 0, state: 'Plan' } };
const succeeded: RunEvent = { type: 'RunSucceeded', data: { output: null } };

const scheduled = (runId: string, resource: string): readonly RunEvent[] => [
  entered,
  {
    type: 'TaskScheduled',
    data: {
      visit: 1,
      commandId: `${runId}-1`,
      resource,
      arguments: { title: 'Go?' },
      attempt: 1,
      notBefore: null,
      deadline: null,
      heartbeatSeconds: null,
      ...(resource === 'baton:approval' ? { sha256: 'b'.repeat(64) } : {}),
    },
  },
];

const spent = (runId: string, costUsd: number | null): readonly RunEvent[] => [
  ...scheduled(runId, 'baton:worker:planner'),
  {
    type: 'TaskSucceeded',
    data: { visit: 1, commandId: `${runId}-1`, output: {}, usage: { inputTokens: 9, outputTokens: 1, costUsd } },
  },
];

async function begin(requirements: string, events: (runId: string) => readonly RunEvent[] = () => []): Promise<string> {
  const runId = randomUUID();
  await log.append(runId, runStarted({ input: { requirements } }), ...events(runId));
  await rebuild(pool);
  return runId;
}

const found = async (filter: RunFilter): Promise<readonly string[]> =>
  (await listRuns(pool, filter, 100)).runs.map(({ runId }) => runId);

test('a run is found by words of its title, and says how many steps there are', async () => {
  const runId = await begin('# Reconcile Invoices\nof all kinds');
  expect(await found({ text: 'invoices recon' })).toEqual([runId]);
  expect(await found({ text: runId.slice(0, 8) })).toEqual([runId]);
  expect(await found({ text: 'kinds' })).toEqual([]);
  expect(await found({ text: `x':* | 'invoices` })).toEqual([]);
  expect((await listRuns(pool, { text: 'reconcile' }, 1)).runs).toMatchObject([
    { title: 'Reconcile Invoices', lastStep: 2 },
  ]);
});

test('a run is found by when it ended, and not while it goes on', async () => {
  const before = new Date(Date.now() - 60_000).toISOString();
  const after = new Date(Date.now() + 60_000).toISOString();
  const ended = await begin('an end', () => [succeeded]);
  const open = await begin('no end');
  expect(await found({ endedAfter: before, endedBefore: after })).toEqual([ended]);
  expect(await found({ endedBefore: before })).toEqual([]);
  expect(await found({ startedAfter: before })).toEqual(expect.arrayContaining([ended, open]));
  expect(await found({ startedBefore: before })).toEqual([]);
});

test('a run is found by what it cost at least, to the micro-dollar, and not where nobody knows', async () => {
  const dear = await begin('dear', (runId) => spent(runId, 12.5));
  const cheap = await begin('cheap', (runId) => spent(runId, 0.000_3));
  const unknown = await begin('unknown', (runId) => spent(runId, null));
  expect(await found({ minCostUsd: 12.5 })).toEqual([dear]);
  expect(await found({ minCostUsd: 12.500_001 })).toEqual([]);
  expect(await found({ minCostUsd: 10 })).toEqual([dear]);
  expect(await found({ minCostUsd: 0.000_3 })).toEqual([cheap, dear]);
  expect(await found({ minCostUsd: 0 })).not.toContain(unknown);
});

test('a run is found while it asks a person, and no longer', async () => {
  const runId = await begin('a question', (id) => scheduled(id, 'baton:approval'));
  expect(await found({ waitingFor: 'approval' })).toEqual([runId]);
  await log.append(runId, { type: 'RunCancelled', data: { requestId: 'r', reason: 'enough' } });
  await rebuild(pool);
  expect(await found({ waitingFor: 'approval' })).toEqual([]);
});
