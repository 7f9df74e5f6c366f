import { randomUUID } from 'node:crypto';
import { createPool, eventStoreMigrations, inTransaction, logHead } from '@baton/event-store';
import { createTestDatabase, type TestDatabase } from '@baton/event-store/testing';
import type { RunEvent } from '@baton/workflow';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { readModelMigrations } from '../migrations.js';
import { foldRuns, forgetRuns } from '../projection/come-and-go.js';
import { readCursor } from '../projection/fold-store.js';
import { projectPage, rebuild } from '../projection/project-page.js';
import { decision, runStarted } from '../testing/events.js';
import { openTestLog, type TestLog } from '../testing/test-log.js';
import { calibrate } from './calibrate.js';
import { expectRun, expectWorkflow } from './expect-run.js';
import { getRun } from './get-run.js';
import { listAnomalies } from './list-anomalies.js';
import { expectSteps } from './step-history.js';

let database: TestDatabase;
let pool: Pool;
let log: TestLog;

beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'), [eventStoreMigrations, readModelMigrations]);
  pool = createPool(database.url, { role: 'gateway', max: 3, applicationName: 'read-model-test' });
  log = await openTestLog(database.url);
});
afterAll(async () => {
  await log?.close();
  await pool?.end();
  await database?.drop();
});

const of = (workflow: string, change: Parameters<typeof runStarted>[0] = {}): RunEvent =>
  runStarted({ workflow: { name: workflow, version: '1.0.0', sha256: 'a'.repeat(64) }, ...change });
const entered = (visit: number, state: string): RunEvent => ({
  type: 'StateEntered',
  data: { visit, frame: 0, state },
});
const left = (visit: number): RunEvent => ({
  type: 'StateExited',
  data: { visit, output: null, assign: {}, next: null },
});
const taskFailed: RunEvent = {
  type: 'TaskFailed',
  data: { visit: 1, commandId: `${randomUUID()}-1`, error: 'E', cause: '', retryable: true },
};
const ended = (isSuccess = true): RunEvent =>
  isSuccess ? { type: 'RunSucceeded', data: { output: null } } : { type: 'RunFailed', data: { error: 'E', cause: '' } };

/** A run from beginning to end. */
async function whole(workflow: string, ...between: readonly RunEvent[]): Promise<string> {
  const runId = randomUUID();
  const steps = [entered(1, 'Plan'), left(1), entered(2, 'Code'), left(2)];
  await log.append(runId, of(workflow), ...steps, ...between, ended());
  return runId;
}

async function wholeOnes(count: number, workflow: string): Promise<void> {
  for (let n = 0; n < count; n++) await whole(workflow);
}

async function project(pageSize = 7): Promise<void> {
  const head = await logHead(pool);
  while ((await readCursor(pool)) < head) await projectPage(pool, pageSize);
}

async function rows(workflow: string): Promise<unknown> {
  const read = async (table: string, order: string): Promise<readonly unknown[]> =>
    (await pool.query(`select * from baton.${table} where workflow = $1 order by ${order}`, [workflow])).rows;
  return [
    await read('run_expectation', 'run_id'),
    await read('run_step_time', 'run_id, state, visit'),
    await read('anomaly', 'run_id, measure'),
  ];
}

const expectationIn = async (runId: string) => {
  const run = await getRun(pool, runId);
  if (run === null) throw new Error('there is no such run');
  return expectRun(pool, run, Date.now(), null);
};

describe('what is expected of a run', () => {
  test('is from those that ended before it began, and stays what it was', async () => {
    await wholeOnes(8, 'early');
    const tooEarly = randomUUID();
    await log.append(tooEarly, of('early'), entered(1, 'Plan'));
    await whole('early', taskFailed);
    const inTime = randomUUID();
    await log.append(inTime, of('early'), entered(1, 'Plan'));
    await wholeOnes(3, 'early');
    await project();
    expect(await expectationIn(tooEarly)).toMatchObject({
      atStart: { status: 'not-enough', sampleSize: 8 },
      now: { status: expect.stringMatching(/known|beyond-history/) },
      outcome: null,
    });
    expect((await expectationIn(inTime)).atStart).toMatchObject({
      ...{ status: 'known', from: 'version-and-size', sampleSize: 9, success: { rate: 1, sampleSize: 9 } },
    });
    await log.append(inTime, left(1), ended(false));
    await project();
    expect(await expectationIn(inTime)).toMatchObject({
      ...{ now: null, outcome: { costUsd: 0, isSuccess: false }, atStart: { sampleSize: 9 } },
    });
    expect(await calibrate(pool, 'early')).toMatchObject({
      total: { workflow: 'early', ended: 13, notEnough: 9, duration: { n: 4 }, success: { n: 4, actual: 0.75 } },
      isCut: false,
    });
    expect((await expectSteps(pool, 'early', null)).map(({ state, sampleSize }) => [state, sampleSize]).sort()).toEqual(
      [
        ['Code', 12],
        ['Plan', 13],
      ],
    );
  });

  test('is from runs of other versions and sizes where there are too few like it, and says so', async () => {
    await wholeOnes(9, 'sizes');
    await project();
    const asked = { workflow: 'sizes', version: '1.0.0', inputBytes: 30 };
    expect(await expectWorkflow(pool, asked, null)).toMatchObject({ from: 'version-and-size', sampleSize: 9 });
    for (const other of [{ inputBytes: 10_000 }, { version: '2.0.0' }, { inputBytes: null }, { version: null }])
      expect(await expectWorkflow(pool, { ...asked, ...other }, null)).toMatchObject({
        from: 'workflow',
        sampleSize: 9,
      });
    expect(await expectWorkflow(pool, { ...asked, workflow: 'unheard-of' }, null)).toMatchObject({ sampleSize: 0 });
  });

  test('is not made of runs that were cancelled, nor of what a retry made of one', async () => {
    const runId = await whole('ends');
    await project();
    const first = await rows('ends');
    await log.append(runId, ended(false));
    const cancelled = randomUUID();
    await log.append(cancelled, of('ends'), {
      type: 'RunCancelled',
      data: { requestId: 'c', reason: '', by: { type: 'user', id: 'ada' } },
    });
    await project();
    expect(await expectWorkflow(pool, { workflow: 'ends', version: null, inputBytes: null }, null)).toMatchObject({
      sampleSize: 1,
    });
    expect(await rows('ends')).toMatchObject([
      expect.arrayContaining([expect.objectContaining(Object(first)[0][0])]),
      [{}, {}],
      [],
    ]);
  });

  test('is for those who have to do with some runs alone from these', async () => {
    for (let n = 0; n < 12; n++) {
      const team = n < 9 ? 'red' : 'blue';
      await log.append(randomUUID(), of('teams', { labels: { team } }), ended());
    }
    const runId = randomUUID();
    await log.append(runId, of('teams', { labels: { team: 'red' } }));
    await project();
    const asked = { workflow: 'teams', version: '1.0.0', inputBytes: 30 };
    const red = { labels: { team: 'red' } };
    expect(await expectWorkflow(pool, asked, red)).toMatchObject({ status: 'known', sampleSize: 9 });
    expect(await expectWorkflow(pool, asked, { labels: { team: 'blue' } })).toMatchObject({ sampleSize: 3 });
    const run = await getRun(pool, runId);
    if (run === null) throw new Error('there is no such run');
    expect((await expectRun(pool, run, Date.now(), red)).atStart).toBeNull();
    expect((await expectRun(pool, run, Date.now(), null)).atStart).toMatchObject({ sampleSize: 12 });
  });
});

describe('what is unusual of a run', () => {
  test('is found when it ends, told with what was usual, and listed newest first, page by page', async () => {
    await wholeOnes(24, 'odd');
    const disagreed = decision({
      facts: {
        ...{ errorCount: 0, thresholds: null, maxRounds: null, failingTools: ['tests'] },
        judges: [{ judge: 'level1', template: null, model: null, passes: true }],
      },
    });
    const odd = await whole('odd', taskFailed, taskFailed, { type: 'DecisionMade', data: { decision: disagreed } });
    await whole('odd');
    await project();
    const { anomalies, next } = await listAnomalies(pool, { workflow: 'odd' }, 1);
    expect(anomalies).toMatchObject([
      {
        runId: odd,
        measure: 'disagreement',
        direction: 'high',
        value: 1,
        median: 0,
        sampleSize: 24,
        falseAlarmRate: 1 / 25,
      },
    ]);
    const rest = await listAnomalies(pool, { workflow: 'odd' }, 5, next ?? '');
    expect(rest).toMatchObject({ anomalies: [{ runId: odd, measure: 'errors', value: 2 }], next: null });
    await expect(listAnomalies(pool, {}, 5, 'nonsense')).rejects.toMatchObject({ code: 'invalid-cursor' });
    const own = { submittedBy: 'user:ada' };
    expect((await listAnomalies(pool, { workflow: 'odd', scope: own }, 5)).anomalies).toMatchObject([
      { median: null, deviations: null, sampleSize: null, falseAlarmRate: null },
      {},
    ]);
    expect((await listAnomalies(pool, { scope: { submittedBy: 'user:bo' } }, 5)).anomalies).toEqual([]);
    // A cursor narrows what the filters leave, and opens none of them, whoever made it.
    const forged = Buffer.from(JSON.stringify([Number.MAX_SAFE_INTEGER, 'cost'])).toString('base64url');
    for (const filter of [{ scope: { submittedBy: 'user:bo' } }, { workflow: 'even' }, { runId: randomUUID() }])
      for (const cursor of [forged, next ?? ''])
        expect((await listAnomalies(pool, filter, 5, cursor)).anomalies).toEqual([]);
    for (const filter of [{ runId: odd }, { measure: 'errors' }, { since: '2000-01-01T00:00:00Z' }] as const)
      expect((await listAnomalies(pool, { workflow: 'odd', ...filter }, 5)).anomalies.length).toBeGreaterThan(0);
    expect((await listAnomalies(pool, { until: '2000-01-01T00:00:00Z' }, 5)).anomalies).toEqual([]);
  });

  test('is held against those that ended before it began, so the slow ones of a batch are no flood', async () => {
    const [fast, slow] = [45, 15].map((count) => Array.from({ length: count }, () => randomUUID()));
    for (const runId of [...(fast ?? []), ...(slow ?? [])]) await log.append(runId, of('batch'));
    for (const runId of fast ?? []) await log.append(runId, ended());
    for (const runId of slow ?? []) await log.append(runId, taskFailed, ended());
    await project();
    expect((await listAnomalies(pool, { workflow: 'batch' }, 50)).anomalies).toEqual([]);
    // Whoever begins after them knows of them.
    await whole('batch', taskFailed);
    const odd = await whole('batch', ...Array.from({ length: 9 }, () => taskFailed));
    await project();
    expect((await listAnomalies(pool, { workflow: 'batch' }, 50)).anomalies).toMatchObject([
      { runId: odd, measure: 'errors', sampleSize: 61 },
    ]);
  });

  test('and what was expected is the same when all is folded again, and when a run comes back from an archive', async () => {
    const workflows = ['early', 'odd', 'teams', 'ends', 'batch'];
    const before = await Promise.all(workflows.map(rows));
    const calibrated = await calibrate(pool, null);
    for (const pageSize of [1, 13, 1_000]) {
      await rebuild(pool, pageSize);
      expect(await Promise.all(workflows.map(rows))).toEqual(before);
    }
    expect(await calibrate(pool, null)).toEqual(calibrated);
    const last = (await listAnomalies(pool, { workflow: 'odd' }, 1)).anomalies[0]?.runId ?? '';
    await inTransaction(pool, (client) => forgetRuns(client, [last]));
    expect((await listAnomalies(pool, { workflow: 'odd' }, 1)).anomalies).toEqual([]);
    await inTransaction(pool, (client) => foldRuns(client, [last]));
    expect(await Promise.all(workflows.map(rows))).toEqual(before);
  });
});
