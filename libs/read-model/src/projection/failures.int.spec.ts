import { randomUUID } from 'node:crypto';
import { createPool, eventStoreMigrations, inTransaction, logHead } from '@baton/event-store';
import { createTestDatabase, type TestDatabase } from '@baton/event-store/testing';
import type { RunEvent } from '@baton/workflow';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { readModelMigrations } from '../migrations.js';
import { listAnomalies } from '../queries/list-anomalies.js';
import { runStarted } from '../testing/events.js';
import { openTestLog, type TestLog } from '../testing/test-log.js';
import { foldRuns, forgetRuns } from './come-and-go.js';
import { readCursor } from './fold-store.js';
import { projectPage, rebuild } from './project-page.js';

let database: TestDatabase;
let pool: Pool;
let log: TestLog;
beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'), [eventStoreMigrations, readModelMigrations]);
  pool = createPool(database.url, { role: 'gateway', max: 3, applicationName: 'failures-test' });
  log = await openTestLog(database.url);
});
afterAll(async () => {
  await log?.close();
  await pool?.end();
  await database?.drop();
});

const of = (workflow: string, version = '1.0.0'): RunEvent =>
  runStarted({ workflow: { name: workflow, version, sha256: 'a'.repeat(64) } });
const succeeded: RunEvent = { type: 'RunSucceeded', data: { output: null } };
const failed: RunEvent = { type: 'RunFailed', data: { error: 'E', cause: '' } };
const cancelled: RunEvent = { type: 'RunCancelled', data: { requestId: 'c', reason: '' } };

async function whole(workflow: string, ...ends: readonly RunEvent[]): Promise<readonly string[]> {
  const runIds = ends.map(() => randomUUID());
  for (const [index, runId] of runIds.entries()) await log.append(runId, of(workflow), ends[index] ?? succeeded);
  return runIds;
}

const times = (count: number, event: RunEvent): readonly RunEvent[] => Array.from({ length: count }, () => event);

async function project(pageSize = 7): Promise<void> {
  const head = await logHead(pool);
  while ((await readCursor(pool)) < head) await projectPage(pool, pageSize);
}

const failuresOf = async (workflow: string) =>
  (await listAnomalies(pool, { workflow, measure: 'failures' }, 50)).anomalies;

describe('that runs of a workflow fail more often', () => {
  test('is told with the run whose failure made it plain, once, and again when it comes back', async () => {
    await whole('outage', ...times(30, succeeded), failed, cancelled);
    const runIds = await whole('outage', ...times(9, failed));
    await project();
    const first = await failuresOf('outage');
    expect(first).toMatchObject([
      {
        ...{ runId: runIds[2], direction: 'high', value: 0.8, windowSize: 5 },
        ...{ median: 0, sampleSize: 29, falseAlarmRate: 0.001 },
      },
    ]);
    await whole('outage', ...times(40, succeeded), ...times(15, failed));
    await project(50);
    expect(await failuresOf('outage')).toHaveLength(2);
  });

  test('is for nobody who has to do with certain runs alone, since it is made of everybody’s', async () => {
    const scope = { submittedBy: 'user:ada' };
    expect((await listAnomalies(pool, { workflow: 'outage', scope }, 50)).anomalies).toEqual([]);
  });

  test('is not said of a batch whose failed runs are the first to end', async () => {
    await whole('batch', ...times(20, succeeded));
    const runIds = Array.from({ length: 32 }, () => randomUUID());
    for (const runId of runIds) await log.append(runId, of('batch'));
    // Every fourth fails at once, and the others take their time.
    for (const runId of runIds.filter((_, index) => index % 4 === 3)) await log.append(runId, failed);
    for (const runId of runIds.filter((_, index) => index % 4 !== 3)) await log.append(runId, succeeded);
    await project();
    expect(await failuresOf('batch')).toEqual([]);
  });

  test('is seen over versions: it may be the new one', async () => {
    await whole('versions', ...times(30, succeeded));
    for (let n = 0; n < 5; n += 1) await log.append(randomUUID(), of('versions', '2.0.0'), failed);
    await project();
    expect(await failuresOf('versions')).toMatchObject([{ workflowVersion: '2.0.0', median: 0, sampleSize: 29 }]);
  });

  test('is shown beside what a newer version looks for, which is left out', async () => {
    const all = await listAnomalies(pool, {}, 50);
    await pool.query(
      `insert into baton.anomaly select (jsonb_populate_record(a, '{"measure": "of-tomorrow"}')).* from baton.anomaly a`,
    );
    expect(all.anomalies).not.toEqual([]);
    expect(await listAnomalies(pool, {}, 50)).toEqual(all);
    await pool.query(`delete from baton.anomaly where measure = 'of-tomorrow'`);
  });

  test('is the same however the log is cut, when all is folded again, and when a run comes back from an archive', async () => {
    const rows = async (): Promise<unknown> =>
      (await pool.query('select * from baton.anomaly order by position, measure')).rows;
    const before = await rows();
    for (const pageSize of [5, 1_000]) {
      await rebuild(pool, pageSize);
      expect(await rows()).toEqual(before);
    }
    const runId = (await failuresOf('outage'))[0]?.runId ?? '';
    await inTransaction(pool, (client) => forgetRuns(client, [runId]));
    expect(await failuresOf('outage')).toHaveLength(1);
    await inTransaction(pool, (client) => foldRuns(client, [runId]));
    expect(await rows()).toEqual(before);
  });
});
