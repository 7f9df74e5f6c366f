import { randomUUID } from 'node:crypto';
import { type Actor, actorAsJson, type JsonObject, type LimitPolicy } from '@baton/contracts';
import type { Pool } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { appendBatch } from './append.js';
import { acceptRequest } from './inbox.js';
import type { Lane } from './lanes.js';
import { setLimits } from './limits.js';
import { createPool } from './pool.js';
import { createTestDatabase, type TestDatabase } from './testing/database.js';
import { aLane, anEvent, anItem } from './testing/store.js';
import { capLoads, leaveLine, lineState, lineUp, type RunToWait, readLine, takeUp } from './waiting-runs.js';

let database: TestDatabase;
let hub: Pool;
let gateway: Pool;
let owner: Pool;
let lane: Lane;
beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'));
  const pool = (role: 'hub' | 'gateway' | 'owner'): Pool =>
    createPool(database.url, { role, applicationName: 'places-test', max: 4 });
  [hub, gateway, owner] = [pool('hub'), pool('gateway'), pool('owner')];
  lane = await aLane(hub);
});
afterAll(async () => {
  await Promise.all([hub, gateway, owner].map((pool) => pool?.end()));
  await database?.drop();
});
beforeEach(async () => {
  await setLimits(owner, null);
  await owner.query(`update baton.stream set status = 1; delete from baton.inbox; delete from baton.waiting_run`);
});

const limit = (runs: LimitPolicy['runs']): Promise<number> => setLimits(owner, runs === undefined ? null : { runs });

interface Facts {
  readonly by?: Actor;
  readonly workflow?: string;
  readonly labels?: JsonObject;
}
const ada: Actor = { type: 'user', id: 'ada' };

const started = ({ by = ada, workflow = 'w', labels = {} }: Facts = {}) =>
  anEvent({
    type: 'RunStarted',
    data: { submittedBy: actorAsJson(by), workflow: { name: workflow }, labels, input: '\u0000' },
  });

const begin = (facts: Facts = {}, runId: string = randomUUID()) => anItem(runId, { events: [started(facts)] });

/** Appends, and tells which caps refused which. */
async function append(
  ...items: ReturnType<typeof anItem>[]
): Promise<'written' | readonly (readonly [number, string])[]> {
  const result = await appendBatch(hub, lane, 0, items);
  return result.ok ? 'written' : result.conflicts.map(({ index, reason, key }) => [index, `${reason} ${key}`]);
}

const end = (runId: string) => anItem(runId, { expectedVersion: 1, ended: true });

test('a run takes a place of each cap with its first event, and gives them back with its last', async () => {
  await limit({ perSubmitter: 2, workflows: { w: 1 }, labels: { team: 1 } });
  const first = begin();
  expect(await append(first)).toBe('written');
  expect(await append(begin())).toEqual([[0, 'no-place workflow w']]);
  expect(await append(begin({ workflow: 'x', labels: { team: 'red', other: 'red' } }))).toBe('written');
  expect(await append(begin({ workflow: 'x' }))).toEqual([[0, 'no-place submitter user:ada']]);
  const bo: Actor = { type: 'apikey', id: 'k', person: 'user:bo' };
  expect(await append(begin({ by: bo, workflow: 'x', labels: { team: 'red' } }))).toEqual([
    [0, 'no-place label team=red'],
  ]);
  expect(await append(begin({ by: bo, workflow: 'x', labels: { team: 'blue' } }))).toBe('written');
  expect(await append(end(first.runId))).toBe('written');
  expect(await append(begin())).toBe('written');
});

test('of one batch as many begin as there is room for, and nothing is written of one that is refused', async () => {
  await limit({ atOnce: 2 });
  const items = [begin(), begin(), begin(), begin()];
  expect(await append(...items)).toEqual([
    [2, 'no-place all runs'],
    [3, 'no-place all runs'],
  ]);
  expect((await owner.query('select from baton.place')).rowCount).toBe(0);
  expect(await append(...items.slice(0, 2))).toBe('written');
});

test('two hubs that begin runs at the same time pass no cap', async () => {
  await limit({ atOnce: 5 });
  const other = await aLane(hub, 'other');
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, (_, n) => appendBatch(hub, n % 2 === 0 ? lane : other, 0, [begin()])),
  );
  expect(outcomes.filter(({ ok }) => ok)).toHaveLength(5);
});

test('runs that another run asked for, and runs that end with their beginning, take none', async () => {
  await limit({ atOnce: 0 });
  expect(await append({ ...begin(), parentCommand: `${randomUUID()}-1` })).toBe('written');
  expect(await append({ ...begin(), ended: true })).toBe('written');
  expect(await append(begin())).toEqual([[0, 'no-place all runs']]);
});

test('a run that is retried goes on whether there is room or not, and counts', async () => {
  await limit({ atOnce: 1 });
  const first = begin();
  await append(first);
  await append(end(first.runId));
  await append(begin());
  const carry = { state: { submittedBy: actorAsJson(ada), workflow: { name: 'w' }, labels: {} } };
  const retried = anItem(first.runId, {
    expectedVersion: 2,
    events: [anEvent(), anEvent({ type: 'RunRetried', data: { carry } })],
  });
  expect(await append(retried)).toBe('written');
  expect(await capLoads(gateway, 10)).toEqual([{ cap: 'all runs', underWay: 2, most: 1, waiting: 0 }]);
});

test('what is under way when caps are set or lowered goes on and counts, by the log', async () => {
  const [open, over] = [begin(), begin()];
  await append(open, over, begin({ by: { type: 'user', id: 'bo' } }));
  await append(end(over.runId));
  await limit({ atOnce: 3, perSubmitter: 5 });
  expect((await capLoads(gateway, 10)).map(({ cap, underWay }) => [cap, underWay])).toEqual([
    ['all runs', 2],
    ['submitter user:ada', 1],
    ['submitter user:bo', 1],
  ]);
  await limit({ atOnce: 1 });
  expect(await append(begin())).toEqual([[0, 'no-place all runs']]);
  expect(await append(end(open.runId))).toBe('written');
  // One is still more than what is free.
  expect(await append(begin())).toEqual([[0, 'no-place all runs']]);
  await limit(undefined);
  expect(await append(begin())).toBe('written');
  expect((await owner.query('select from baton.place')).rowCount).toBe(0);
});

const toWait = (requestId: string, more: Partial<RunToWait> = {}): RunToWait => ({
  ...{ requestId, name: 'submit', runId: randomUUID(), submitter: 'user:ada', workflow: 'w', labels: {}, priority: 2 },
  unaccepted: { message: { requestId }, view: {} },
  ...more,
});

const heads = async (): Promise<readonly string[]> =>
  (await readLine(hub, { perLine: 10, without: [], keys: [] })).heads.map(({ requestId }) => requestId);

test('a line is in the order of urgency and age, and the append that begins a run takes it out', async () => {
  await limit({ perSubmitter: 5 });
  await lineUp(hub, [toWait('late', { priority: 3 }), toWait('first')]);
  await lineUp(hub, [toWait('second'), toWait('urgent', { priority: 0 }), toWait('first')]);
  expect(await heads()).toEqual(['urgent', 'first', 'second', 'late']);
  await append({ ...begin(), requests: ['first'] });
  expect(await heads()).toEqual(['urgent', 'second', 'late']);
  expect(await lineState(hub)).toEqual({ hasCaps: true, isAnyWaiting: true });
});

test('a request of a producer stands in the inbox as that, and one that had its effect does not wait again', async () => {
  await limit({ atOnce: 1 });
  const request = { requestId: 'of the gateway', name: 'submit', message: { of: 'the gateway' } };
  await acceptRequest(gateway, { ...request, traceparent: 'a trace' });
  await lineUp(hub, [
    toWait('of the gateway', { unaccepted: null }),
    toWait('of a producer'),
    toWait('gone', { unaccepted: null }),
  ]);
  const taken = await takeUp(hub, ['of the gateway', 'of a producer', 'gone']);
  expect(taken.map(({ requestId, isVouched, isSuspect }) => [requestId, isVouched, isSuspect]).sort()).toEqual([
    ['of a producer', false, false],
    ['of the gateway', true, false],
  ]);
  expect(taken.find(({ isVouched }) => isVouched)?.message).toEqual({ of: 'the gateway', traceparent: 'a trace' });
  expect(await takeUp(hub, ['of a producer'])).toMatchObject([{ isSuspect: true }]);
  await append({ ...begin(), requests: ['of a producer'] });
  await lineUp(hub, [toWait('of a producer')]);
  expect(await heads()).toEqual(['of the gateway']);
  await owner.query('delete from baton.inbox');
  await leaveLine(hub);
  expect(await heads()).toEqual([]);
});

test('those that wait are told before which caps by the newest limits, whatever their labels hold', async () => {
  await limit({ labels: { team: 1 } });
  await lineUp(hub, [toWait('r', { labels: { team: 'a\u0000b', 'lone \ud800': 'x' } })]);
  const caps = async (): Promise<unknown> =>
    (await readLine(hub, { perLine: 1, without: [], keys: [] })).heads[0]?.caps;
  expect(await caps()).toEqual(new Map([['label team=a\ufffdb', 1]]));
  await limit({ labels: { team: 3 }, perWorkflow: 7 });
  expect(await caps()).toEqual(
    new Map([
      ['label team=a\ufffdb', 3],
      ['workflow w', 7],
    ]),
  );
  await limit(undefined);
  expect(await caps()).toEqual(new Map());
});
