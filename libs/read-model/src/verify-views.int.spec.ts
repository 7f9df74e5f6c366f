import { randomUUID } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createPool, eventStoreMigrations, logHead } from '@baton/event-store';
import { createTestDatabase, type TestDatabase } from '@baton/event-store/testing';
import { cutAt, type RunEvent, type StartedRun, rebuild as stateOf, toSnapshot } from '@baton/workflow';
import type { Pool, QueryConfig } from 'pg';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { readModelMigrations } from './migrations.js';
import { rebuild } from './projection/project-page.js';
import { Projector } from './projection/projector.js';
import { runStarted } from './testing/events.js';
import { openTestLog, type TestLog } from './testing/test-log.js';
import { verifyViews } from './verify-views.js';

let database: TestDatabase;
let pool: Pool;
let writer: TestLog;
beforeEach(async () => {
  database = await createTestDatabase(inject('postgresUrl'), [eventStoreMigrations, readModelMigrations]);
  pool = createPool(database.url, { role: 'gateway', max: 6, applicationName: 'read-model-test' });
  writer = await openTestLog(database.url);
});
afterEach(async () => {
  await writer.close();
  await pool.end();
  await database.drop();
});

const entered = (visit: number): RunEvent => ({ type: 'StateEntered', data: { visit, frame: 0, state: 'Plan' } });
const root: RunEvent = { type: 'FrameStarted', data: { frame: 0, parent: null, machine: '', input: {} } };
const failure: RunEvent = { type: 'RunFailed', data: { error: 'E', cause: 'c' } };
const succeeded: RunEvent = { type: 'RunSucceeded', data: { output: {} } };

async function writeRuns(): Promise<readonly [string, string]> {
  const [ended, open] = [randomUUID(), randomUUID()];
  await writer.append(ended, runStarted(), entered(1));
  await writer.append(open, runStarted());
  await writer.append(ended, succeeded);
  await writer.append(open, entered(1));
  return [ended, open];
}

test('a log and views that agree are verified', async () => {
  await writeRuns();
  await rebuild(pool);
  expect(await verifyViews(pool)).toEqual({ verified: true, events: 5, runs: 2, problem: null });
});

test('a run that failed and was taken up again is verified, also when others ended in between', async () => {
  await writeRuns();
  const failedRun = randomUUID();
  const events = [runStarted(), entered(1), failure];
  await writer.append(failedRun, ...events);
  const cut = cutAt([runStarted(), root, entered(0)]);
  if (cut === null) throw new Error('no cut');
  const retried: RunEvent = {
    type: 'RunRetried',
    data: { requestId: 'r', reason: '', version: 2, carry: toSnapshot(cut.state) },
  };
  await writer.append(failedRun, retried, succeeded);
  await rebuild(pool);
  expect(await verifyViews(pool)).toEqual({ verified: true, events: 10, runs: 3, problem: null });
  await pool.query(`update baton.run_view set view = replace(view::text, '"ada"', '"eve"')::json where run_id = $1`, [
    failedRun,
  ]);
  expect(await verifyViews(pool)).toMatchObject({ problem: expect.stringContaining(failedRun) });
});

test.each([
  ['what its events give is verified', (state: StartedRun) => state, null],
  ['anything else is found', (state: StartedRun) => ({ ...state, priority: 0 }), expect.stringContaining('continued')],
])('a run that is continued from %s', async (_what, told, problem) => {
  const runId = randomUUID();
  const events = [runStarted(), root, entered(0)];
  const state = stateOf(events);
  if (state.status === 'new') throw new Error('no state');
  const continued: RunEvent = { type: 'RunContinued', data: { carry: toSnapshot(told(state)) } };
  await writer.append(runId, ...events, continued, succeeded);
  await rebuild(pool);
  expect(await verifyViews(pool)).toMatchObject({ verified: problem === null, problem });
});

test.each([1, 2, 3, 7])('a log that is read %i events at a time is verified as well', async (eventsAtOnce) => {
  await writeRuns();
  await writeRuns();
  await rebuild(pool);
  expect(await verifyViews(pool, eventsAtOnce)).toEqual({ verified: true, events: 10, runs: 4, problem: null });
});

test('memory does not grow with the runs that are in motion', async () => {
  const runs = 100;
  const requirements = 'x'.repeat(200_000);
  for (let run = 0; run < runs; run += 1) await writer.append(randomUUID(), runStarted({ input: { requirements } }));
  await rebuild(pool);
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const held: number[] = [];
  const query = (statement: QueryConfig) => {
    if (statement.name === 'read-log-by-run') {
      collect();
      held.push(process.memoryUsage().heapUsed);
    }
    return pool.query(statement);
  };
  expect(await verifyViews(Object.assign(Object.create(pool), { query }), 5)).toMatchObject({ runs, problem: null });
  expect(held).toHaveLength(runs / 5 + 1);
  // All inputs at once are 20 MB; five of them, and what is made of them, a few.
  expect(Math.max(...held) - (held[0] ?? 0)).toBeLessThan(8_000_000);
});

test('an empty log is verified', async () => {
  expect(await verifyViews(pool)).toEqual({ verified: true, events: 0, runs: 0, problem: null });
});

test.each([0, 1])('a stored view that says something else is found (run %i)', async (which) => {
  const runId = (await writeRuns())[which] ?? '';
  await rebuild(pool);
  await pool.query(`update baton.run_view set view = replace(view::text, '"ada"', '"eve"')::json where run_id = $1`, [
    runId,
  ]);
  expect(await verifyViews(pool)).toMatchObject({ verified: false, problem: expect.stringContaining(runId) });
});

test('a projection that stands still behind the log is told', async () => {
  await writeRuns();
  expect(await verifyViews(pool)).toMatchObject({ verified: false, problem: expect.stringMatching(/5 events behind/) });
});

test('a missing view is found', async () => {
  const [runId] = await writeRuns();
  await rebuild(pool);
  await pool.query('delete from baton.run_view where run_id = $1', [runId]);
  expect(await verifyViews(pool)).toMatchObject({
    verified: false,
    problem: `Run ${runId} is missing from the read model.`,
  });
});

test('a view of a run that never was is found', async () => {
  const [runId] = await writeRuns();
  await rebuild(pool);
  const invented = randomUUID();
  await pool.query(
    `insert into baton.run_view (run_id, version, status, workflow, labels, started_at, submitted_by, view, memory)
     select $1, version, status, workflow, labels, started_at, submitted_by, view, memory
       from baton.run_view where run_id = $2`,
    [invented, runId],
  );
  expect(await verifyViews(pool)).toMatchObject({ verified: false, problem: expect.stringContaining(invented) });
});

test('events after the end of a run are found', async () => {
  const [runId] = await writeRuns();
  await writer.append(runId, entered(2));
  await rebuild(pool);
  expect(await verifyViews(pool)).toMatchObject({ verified: false, problem: expect.stringContaining(runId) });
});

test('runs that go on while they are verified are no problem', async () => {
  const projector = Projector.start({ pool, pollMs: 1, log: { info() {}, warn() {}, fatal() {} } });
  const runId = randomUUID();
  await writer.append(runId, runStarted());
  let writing = true;
  const write = (async () => {
    for (let visit = 1; writing; visit += 1) await writer.append(runId, entered(visit));
  })();
  for (let round = 0; round < 10; round += 1) expect(await verifyViews(pool)).toMatchObject({ problem: null });
  writing = false;
  await write;
  await projector.stop();
  expect(await logHead(pool)).toBeGreaterThan(10);
});
