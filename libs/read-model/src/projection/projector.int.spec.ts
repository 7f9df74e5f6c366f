import { randomUUID } from 'node:crypto';
import { createPool, eventStoreMigrations, logHead } from '@baton/event-store';
import { createTestDatabase, type TestDatabase } from '@baton/event-store/testing';
import { canonicalJson, type RunEvent } from '@baton/workflow';
import type { Pool } from 'pg';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { readModelMigrations } from '../migrations.js';
import { foldOn } from '../queries/get-run.js';
import { projectedTo } from '../queries/projected-to.js';
import type { RunFold } from '../run-view/run-fold.js';
import { toStored } from '../run-view/stored-fold.js';
import { runStarted } from '../testing/events.js';
import { openTestLog, type TestLog } from '../testing/test-log.js';
import { until } from '../testing/until.js';
import { loadFolds, readCursor } from './fold-store.js';
import { projectPage, rebuild } from './project-page.js';
import { Projector, type ProjectorLog } from './projector.js';

const said: string[] = [];
const say = (_: object, message: string): void => void said.push(message);
const log: ProjectorLog = { info: say, warn: say, fatal: say };
const sets = [eventStoreMigrations, readModelMigrations];

let database: TestDatabase;
let pool: Pool;
let writer: TestLog;
const projectors: Projector[] = [];

const project = (
  options: { readonly pageSize?: number; readonly on?: Pool; readonly pollMs?: number } = {},
): Projector => {
  const { on = pool, pageSize = 500, pollMs = 5 } = options;
  const projector = Projector.start({ pool: on, log, pollMs, pageSize });
  projectors.push(projector);
  return projector;
};
const caughtUp = () =>
  until('the projection to catch up', async () => (await readCursor(pool)) === (await logHead(pool)));

const shown = (fold: RunFold | undefined): string => canonicalJson(fold === undefined ? null : toStored(fold));

/** Stored views against folds made now, straight from the log. */
async function expectFresh(runIds: readonly string[]): Promise<void> {
  const stored = await loadFolds(pool, runIds);
  for (const runId of runIds)
    expect(shown(stored.get(runId))).toBe(shown((await foldOn(pool, runId, null)) ?? undefined));
}

beforeEach(async () => {
  said.length = 0;
  database = await createTestDatabase(inject('postgresUrl'), sets);
  pool = createPool(database.url, { role: 'gateway', max: 6, applicationName: 'read-model-test' });
  writer = await openTestLog(database.url);
});
afterEach(async () => {
  await Promise.all(projectors.splice(0).map((projector) => projector.stop()));
  await writer.close();
  await pool.end();
  await database.drop();
});

const steps = (visit: number): readonly RunEvent[] => [
  { type: 'StateEntered', data: { visit, frame: 0, state: visit % 2 === 0 ? 'Code' : 'Plan' } },
  { type: 'StateExited', data: { visit, output: {}, assign: {}, next: null } },
];
const succeeded: RunEvent = { type: 'RunSucceeded', data: { output: {} } };

async function writeRuns(count: number, visits: number): Promise<readonly string[]> {
  const runIds = Array.from({ length: count }, () => randomUUID());
  for (const runId of runIds) await writer.append(runId, runStarted());
  for (let visit = 1; visit <= visits; visit += 1) {
    for (const runId of runIds) await writer.append(runId, ...steps(visit));
  }
  return runIds;
}

test('whoever asks for a look waits for no pause, and has what was in the log by then', async () => {
  const projector = project({ pollMs: 600_000, pageSize: 7 });
  for (const visits of [1, 40]) {
    const runIds = await writeRuns(3, visits);
    const looks = [projector.look(), projector.look()];
    const [last = ''] = runIds.slice(-1);
    const meanwhile = writer.append(last, succeeded);
    await Promise.all(looks);
    await meanwhile;
    await projector.look();
    expect(await readCursor(pool)).toBe(await logHead(pool));
    await expectFresh(runIds);
  }
});

test('a look is answered where nothing will be folded any more', async () => {
  const projector = project({ pollMs: 600_000 });
  const asked = projector.look();
  await Promise.all([projector.stop(), asked]);
  await projector.look();
});

test('views follow the log', async () => {
  project();
  const runIds = await writeRuns(3, 2);
  for (const runId of runIds) await writer.append(runId, succeeded);
  await caughtUp();
  await expectFresh(runIds);
});

test('two projectors at once fold every event exactly once', async () => {
  const both = [project({ pageSize: 3 }), project({ pageSize: 7 })];
  const runIds = await writeRuns(4, 12);
  await caughtUp();
  await expectFresh(runIds);
  expect(both.map(({ state }) => state.status)).toEqual(['running', 'running']);
});

test('a projector killed between any two statements loses nothing and repeats nothing', async () => {
  const own = createPool(database.url, { role: 'gateway', max: 3, applicationName: 'victim' });
  const runIds = await writeRuns(4, 15);
  const kills = breakConnections(own, PAGE_WITH_ROOM);
  const projector = project({ pageSize: 2, on: own });
  await until('every kill, and the projection to catch up', caughtUpAfter(kills), 25_000);
  await expectFresh(runIds);
  expect(projector.state.status).toBe('running');
  await projector.stop();
  await own.end();
});

/** More statements than a turn of the projector has. */
const PAGE_WITH_ROOM = 12;

const caughtUpAfter = (kills: { readonly left: number }) => async () =>
  kills.left === 0 && (await readCursor(pool)) === (await logHead(pool));

/**
 * Ends the connection that a statement is about to use: before the first of them, then before the second of those that
 * follow, and so on. In between it lets a whole turn pass, so that the projector gets on.
 */
function breakConnections(victim: Pool, most: number): { readonly left: number } {
  const kills = { left: most };
  let toPass = 0;
  victim.on('connect', (client) => {
    const { query } = client;
    Reflect.set(client, 'query', (...statement: readonly unknown[]) => {
      if (kills.left > 0 && toPass === 0) {
        toPass = PAGE_WITH_ROOM + (most - kills.left);
        kills.left -= 1;
        Reflect.apply(query, client, ['select pg_terminate_backend(pg_backend_pid())']).catch(() => {
          // That is what it is for.
        });
      } else toPass -= 1;
      return Reflect.apply(query, client, statement);
    });
  });
  return kills;
}

test('a projector goes on after the database was away', async () => {
  const own = createPool(database.url, { role: 'gateway', max: 3, applicationName: 'victim' });
  const admin = new Client({ connectionString: inject('postgresUrl') });
  await admin.connect();
  const name = new URL(database.url).pathname.slice(1);
  project({ on: own });
  const [runId = ''] = await writeRuns(1, 1);
  await caughtUp();
  await admin.query(`alter database ${name} allow_connections false`);
  await admin.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}' and application_name = 'victim'`,
  );
  await writer.append(runId, ...steps(2));
  await until('the outage to be noticed', () => said.includes('projection waits for the database'));
  await admin.query(`alter database ${name} allow_connections true`);
  await caughtUp();
  expect(said).toContain('projection goes on');
  await expectFresh([runId]);
  await Promise.all(projectors.splice(0).map((projector) => projector.stop()));
  await own.end();
  await admin.end();
});

describe('an event of an unknown type', () => {
  test('stops the projection loudly, with everything before it folded', async () => {
    const [runId = ''] = await writeRuns(1, 2);
    await writer.append(runId, { type: 'RunTeleported', data: {} });
    const projector = project();
    await until('the projector to stop', () => projector.state.status === 'stopped');
    expect(projector.state).toMatchObject({
      error: { code: 'projection-stopped', message: expect.stringContaining('RunTeleported') },
    });
    expect(await readCursor(pool)).toBe((await logHead(pool)) - 1);
    expect((await loadFolds(pool, [runId])).get(runId)?.facts.version).toBe(5);
  });
});

test('a NUL character in what a worker said does not stop the projection', async () => {
  project();
  const runId = randomUUID();
  const labels = { 'a\u0000': 'b\ud800' };
  await writer.append(runId, runStarted({ labels }), {
    type: 'RunFailed',
    data: { error: 'E', cause: 'a\u0000b\ud800' },
  });
  await caughtUp();
  expect((await loadFolds(pool, [runId])).get(runId)?.facts).toMatchObject({ cause: 'a\u0000b\ud800', labels });
});

describe('rebuild', () => {
  test('repairs views that were changed, dropped or invented', async () => {
    project();
    const runIds = await writeRuns(3, 3);
    await caughtUp();
    const [changed, dropped] = runIds;
    await pool.query(`update baton.run_view set status = 'failed', version = 1, view = '{}' where run_id = $1`, [
      changed,
    ]);
    await pool.query('delete from baton.run_view where run_id = $1', [dropped]);
    expect(await rebuild(pool)).toBe(await logHead(pool));
    await expectFresh(runIds);
  });

  test('changes nothing when an event cannot be folded', async () => {
    const [runId = ''] = await writeRuns(1, 1);
    project();
    await caughtUp();
    await writer.append(runId, { type: 'RunTeleported', data: {} });
    await expect(rebuild(pool)).rejects.toMatchObject({ code: 'projection-stopped' });
    expect((await loadFolds(pool, [runId])).size).toBe(1);
  });
});

test('whoever looks at the views knows until when these have everything', async () => {
  expect(await projectedTo(pool)).toBeNull();
  const append = async (): Promise<void> => void (await writer.append(randomUUID(), runStarted()));
  const times = async (): Promise<readonly Date[]> =>
    (await pool.query('select recorded_at from baton.event order by position')).rows.map((row) => row.recorded_at);
  for (let n = 0; n < 3; n += 1) await append();
  // Two of three: what is missing is not looked at, nor is what came with it.
  await projectPage(pool, 2);
  expect(await projectedTo(pool)).toEqual((await times())[2]);
  await projectPage(pool, 2);
  const newest = Math.max(...(await times()).map((at) => at.getTime()));
  expect((await projectedTo(pool))?.getTime()).toBe(newest + 1);
});
