import { randomUUID } from 'node:crypto';
import { createPool, eventStoreMigrations, logHead } from '@baton/event-store';
import { createTestDatabase, type TestDatabase } from '@baton/event-store/testing';
import { canonicalJson, type RunEvent } from '@baton/workflow';
import fc from 'fast-check';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { readModelMigrations } from '../migrations.js';
import { foldOn } from '../queries/get-run.js';
import type { RunFold } from '../run-view/run-fold.js';
import { toStored } from '../run-view/stored-fold.js';
import { decision, runStarted } from '../testing/events.js';
import { openTestLog, type TestLog } from '../testing/test-log.js';
import { loadFolds, readCursor } from './fold-store.js';
import { projectPage, rebuild } from './project-page.js';

const isLong = inject('effort') === 'long';

let database: TestDatabase;
let pool: Pool;
let writer: TestLog;
beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'), [eventStoreMigrations, readModelMigrations]);
  pool = createPool(database.url, { role: 'gateway', max: 4, applicationName: 'read-model-test' });
  writer = await openTestLog(database.url);
});
afterAll(async () => {
  await writer?.close();
  await pool?.end();
  await database?.drop();
});

const visit = fc.integer({ min: 1, max: 4 });
const frame = fc.integer({ min: 0, max: 2 });
const usage = fc.record({
  inputTokens: fc.nat(1000),
  outputTokens: fc.nat(1000),
  costUsd: fc.option(fc.double({ min: 0, max: 10, noNaN: true })),
});
const resource = fc.constantFrom('baton:approval', 'baton:signal:go', 'baton:workflow:other', 'baton:worker:planner');
const commandId = (of: number): string => `${'0'.repeat(8)}-0000-4000-8000-${'0'.repeat(12)}-${of}`;

/** Any events after the start, in any order: the fold must take whatever a log may hold. */
const event: fc.Arbitrary<RunEvent> = fc.oneof(
  fc
    .record({ visit, frame, state: fc.constantFrom('Plan', 'Code', 'Both', 'constructor') })
    .map((data) => ({ type: 'StateEntered' as const, data })),
  visit.map((of) => ({ type: 'StateExited' as const, data: { visit: of, output: null, assign: {}, next: null } })),
  fc.record({ visit, attempt: visit, resource }).map(({ visit: of, attempt, resource: asked }) => ({
    type: 'TaskScheduled' as const,
    data: {
      visit: of,
      attempt,
      commandId: commandId(of),
      resource: asked,
      arguments: null,
      notBefore: null,
      deadline: null,
      heartbeatSeconds: null,
    },
  })),
  fc.record({ visit, usage, model: fc.constantFrom('m1', 'm2') }).map(({ visit: of, ...facts }) => ({
    type: 'TaskSucceeded' as const,
    data: { visit: of, commandId: commandId(of), output: null, ...facts },
  })),
  fc.record({ visit, cause: fc.string({ unit: 'binary' }) }).map(({ visit: of, cause }) => ({
    type: 'TaskFailed' as const,
    data: { visit: of, commandId: commandId(of), error: 'E', cause, retryable: true },
  })),
  visit.map((of) => ({
    type: 'TaskTimedOut' as const,
    data: { visit: of, commandId: commandId(of), error: 'States.Timeout' },
  })),
  visit.map((of) => ({
    type: 'TimerScheduled' as const,
    data: { visit: of, commandId: commandId(of), dueAt: '2030-01-01T00:00:00Z' },
  })),
  visit.map((of) => ({ type: 'TimerFired' as const, data: { visit: of, commandId: commandId(of) } })),
  fc.constant({ type: 'RunPaused' as const, data: { requestId: 'r', reason: '' } }),
  fc.constant({ type: 'RunResumed' as const, data: { requestId: 'r' } }),
  visit.map((of) => ({ type: 'StateFailed' as const, data: { visit: of, error: 'E', cause: '' } })),
  frame.map((of) => ({ type: 'FrameAborted' as const, data: { frame: of, reason: 'a sibling failed' } })),
  fc
    .record({
      phase: fc.constantFrom('plan', 'code'),
      round: fc.integer({ min: 1, max: 3 }),
      scores: fc.dictionary(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true })),
    })
    .map((facts) => ({ type: 'DecisionMade' as const, data: { decision: decision(facts) } })),
  fc.string({ unit: 'binary' }).map((cause) => ({ type: 'RunFailed' as const, data: { error: 'E', cause } })),
);

/** What the runs used, what was expected of them, and what was unusual, row by row. */
async function usageRows(runIds: readonly string[]): Promise<unknown> {
  const of = async (table: string, order: string): Promise<readonly unknown[]> =>
    (await pool.query(`select * from baton.${table} where run_id = any($1) order by ${order}`, [runIds])).rows;
  return [
    await of('run_usage_view', 'run_id'),
    await of('agent_usage_view', 'run_id, agent, model'),
    await of('run_expectation', 'run_id'),
    await of('run_step_time', 'run_id, state, visit'),
    await of('anomaly', 'run_id, measure'),
  ];
}

const shown = (fold: RunFold | undefined): string => canonicalJson(fold === undefined ? null : toStored(fold));

/** Runs that go on side by side, in batches. */
const history = fc.array(fc.record({ run: fc.nat(2), events: fc.array(event, { minLength: 1, maxLength: 4 }) }), {
  minLength: 1,
  maxLength: 12,
});

test('however a log is cut into pages, the views are those of a rebuild and of a fresh fold', async () => {
  await fc.assert(
    fc.asyncProperty(history, fc.integer({ min: 1, max: 9 }), async (batches, pageSize) => {
      const runIds = [randomUUID(), randomUUID(), randomUUID()] as const;
      for (const runId of runIds) await writer.append(runId, runStarted());
      for (const { run, events } of batches) await writer.append(runIds[run] ?? runIds[0], ...events);

      const head = await logHead(pool);
      while ((await readCursor(pool)) < head) await projectPage(pool, pageSize);
      const projected = await loadFolds(pool, runIds);
      const used = await usageRows(runIds);
      expect(await rebuild(pool, pageSize + 3)).toBe(head);
      const rebuilt = await loadFolds(pool, runIds);
      // What is expected of a run depends on all that ended before it: on other histories of this test, too.
      expect(await usageRows(runIds)).toEqual(used);
      for (const runId of runIds) {
        const fresh = await foldOn(pool, runId, null);
        if (fresh === null) throw new Error('the run has no event');
        expect(shown(projected.get(runId))).toBe(shown(fresh));
        expect(shown(rebuilt.get(runId))).toBe(shown(fresh));
      }
    }),
    { numRuns: isLong ? 25 : 10 },
  );
}, 60_000);

test('the last events of the log may be in an archive: views are no less up to date', async () => {
  const runId = randomUUID();
  await writer.append(runId, runStarted());
  const owner = createPool(database.url, { role: 'owner', max: 1, applicationName: 'read-model-test' });
  await owner.query('alter table baton.event disable trigger user');
  await owner.query('delete from baton.event where run_id = $1', [runId]);
  const head = await logHead(pool);
  await rebuild(pool);
  expect(await readCursor(pool)).toBe(head);
  await owner.query('update baton.run_view_cursor set position = $1', [head - 1]);
  await owner.end();
  expect(await projectPage(pool, 10)).toMatchObject({ status: 'folded', position: head, events: 0 });
  expect(await readCursor(pool)).toBe(head);
});

test('a projector of another version folds nothing into the views, also one that knows nothing of versions', async () => {
  const runId = randomUUID();
  await writer.append(runId, runStarted());
  // As the version before this one moves the cursor.
  const older = pool.query('update baton.run_view_cursor set position = position');
  await expect(older).rejects.toMatchObject({ code: 'BT010' });
  const owner = createPool(database.url, { role: 'owner', max: 1, applicationName: 'read-model-test' });
  await owner.query('update baton.run_view_cursor set folds = folds + 1');
  expect(await projectPage(pool, 10)).toEqual({ status: 'busy' });
  await owner.query('update baton.run_view_cursor set folds = folds - 1');
  await owner.end();
  expect(await projectPage(pool, 10)).toMatchObject({ status: 'folded' });
});
