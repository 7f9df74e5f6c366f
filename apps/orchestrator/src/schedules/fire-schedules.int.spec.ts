import { randomUUID } from 'node:crypto';
import { shardOf, WorkerAnnouncement } from '@baton/contracts';
import { announceWorker, changeSchedule, listDeadLetters, noteManualStart, pendingRequests } from '@baton/event-store';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { takeInbox } from '../requests/inbox.js';
import { GivenSchedules } from '../testing/given-schedules.js';

/* Schedules over a real database, with a hub. What is due, and what becomes of it, is tested in libs/schedules. */

let given: GivenSchedules;
beforeEach(async () => {
  given = await GivenSchedules.open(inject('postgresUrl'));
});
afterEach(() => given?.close());

test('what is due starts one run, which says by whom and for when', async () => {
  const schedule = await given.schedule(
    { run: { workflow: 'wait-for-it', input: { a: 1 }, labels: { team: 'red' } } },
    { secondsAgo: 3_601 },
  );
  expect(await given.round()).toBe(1);
  const [firing] = await given.firings(schedule);
  if (firing === undefined) throw new Error('nothing was started');
  expect(firing).toMatchObject({ outcome: 'started', isAccepted: false, refusal: null });
  const [started] = await given.events(firing);
  expect(started?.actor).toEqual({ type: 'apikey', id: 'ada' });
  expect(JSON.parse(started?.dataText ?? '')).toMatchObject({
    input: { a: 1 },
    submittedBy: { type: 'apikey', id: 'ada' },
    labels: { team: 'red', schedule: 'nightly', due: firing.dueAt },
  });
  expect(await given.round()).toBe(0);
});

test('a run with a limit on tool servers does not begin while any agent lives that would leave it out', async () => {
  const { pool } = given.fixture;
  const self = { v: 1, kind: 'planner', host: 'ada', pid: 7, concurrency: 1 };
  const former = { ...self, workerId: randomUUID() };
  const newer = { ...self, workerId: randomUUID(), hasOwnDoor: true, looksAtRungs: true };
  for (const each of [former, newer]) await announceWorker(pool, WorkerAnnouncement.parse(each));
  const run = { workflow: 'wait-for-it', input: {}, agents: { mcpServers: ['docs:search'] } };
  const schedule = await given.schedule({ run, overlap: 'allow' }, { secondsAgo: 3_601 });
  await given.schedule({ name: 'unlimited' }, { secondsAgo: 3_601 });
  expect(await given.round()).toBe(2);
  expect(await pool.query('select from baton.stream')).toMatchObject({ rowCount: 1 });
  const [refused] = await given.firings(schedule);
  expect(refused).toMatchObject({ refusal: expect.stringMatching(/^worker-too-old: .*planner/) });
  await announceWorker(pool, WorkerAnnouncement.parse({ ...former, isStopped: true }));
  await given.later(schedule, 3_600);
  expect(await given.round()).toBe(1);
  const started = (await given.firings(schedule)).at(-1);
  if (started === undefined) throw new Error('nothing was started');
  expect((await given.events(started)).map(({ type }) => type)).toContain('RunStarted');
});

test('many that look at the same time start it once', async () => {
  const schedule = await given.schedule({}, { secondsAgo: 3_601 });
  const counts = await Promise.all(Array.from({ length: 8 }, () => given.round()));
  expect(counts.toSorted()).toEqual([0, 0, 0, 0, 0, 0, 0, 1]);
  expect(await given.outcomes(schedule)).toEqual(['started']);
});

test('a process that dies once it is written down leaves a request that is found, and counts as under way', async () => {
  const schedule = await given.schedule({}, { secondsAgo: 3_601 });
  await given.round(async () => {
    throw new Error('the process is gone');
  });
  const [before] = await given.firings(schedule);
  expect(before).toMatchObject({ isAccepted: true });
  await given.later(schedule, 3_600);
  await given.round();
  expect(await given.outcomes(schedule)).toEqual(['started', 'overlapped']);
  await takeInbox(given.ports);
  const [after] = await given.firings(schedule);
  if (after === undefined) throw new Error('the firing is gone');
  expect(after).toMatchObject({ isAccepted: false, runId: before?.runId });
  expect((await given.events(after)).map(({ type }) => type)).toContain('RunStarted');
});

test('while its last run is under way the next one waits, and starts when that has ended, though nothing more is due', async () => {
  const endsAt = new Date(Date.now() + 3_601_000).toISOString();
  const schedule = await given.schedule({ overlap: 'queue', endsAt }, { secondsAgo: 3_601 });
  await given.round();
  await given.later(schedule, 3_600);
  await given.round();
  expect(await given.outcomes(schedule)).toEqual(['started', 'queued']);
  expect(await given.round()).toBe(0);
  const [first] = await given.firings(schedule);
  if (first !== undefined) await given.finish(first);
  expect(await given.round()).toBe(1);
  expect(await given.outcomes(schedule)).toEqual(['started', 'started']);
});

test('an outage is caught up with as the schedule says, and what was not started is on record', async () => {
  const schedule = await given.schedule(
    { overlap: 'allow', catchUp: { policy: 'all', most: 2 } },
    { secondsAgo: 3_600 * 5 + 60 },
  );
  expect(await given.round()).toBe(2);
  expect(await given.outcomes(schedule)).toEqual(['missed x3', 'started', 'started']);
});

test('a month of every minute is gone through in parts', async () => {
  const schedule = await given.schedule({ timing: { type: 'interval', seconds: 60 } }, { secondsAgo: 60 * 1_100 + 30 });
  const counts = [await given.round(), await given.round(), await given.round(), await given.round()];
  expect(counts).toEqual([0, 0, 1, 0]);
  expect(await given.outcomes(schedule)).toEqual(['missed x500', 'missed x500', 'missed x99', 'started']);
});

test('a single start happens once, and then the schedule has ended', async () => {
  const at = new Date(Date.now() - 5_000).toISOString();
  const schedule = await given.schedule({ timing: { type: 'at', at } }, { secondsAgo: 60 });
  expect([await given.round(), await given.round()]).toEqual([1, 0]);
  expect(await given.firings(schedule)).toMatchObject([{ dueAt: at }]);
  const { rows } = await given.gateway.query('select status, wake_at from baton.schedule');
  expect(rows).toEqual([{ status: 'ended', wake_at: null }]);
});

test('a workflow that is not there any more is put aside with its reason, and the schedule goes on', async () => {
  const schedule = await given.schedule({ run: { workflow: 'gone', input: {} } }, { secondsAgo: 3_601 });
  await given.round();
  expect(await given.firings(schedule)).toMatchObject([
    { outcome: 'started', isAccepted: false, refusal: expect.stringMatching(/^unknown-workflow: /) },
  ]);
  expect(await listDeadLetters(given.fixture.pool, { limit: 5 })).toMatchObject([{ source: 'inbox', name: 'submit' }]);
  await given.later(schedule, 3_600);
  await given.round();
  expect(await given.outcomes(schedule)).toEqual(['started', 'started']);
});

test('a schedule that rests starts nothing, also where somebody saw it before', async () => {
  const schedule = await given.schedule({}, { secondsAgo: 3_601 });
  const rest = { status: 'paused', decidedTo: schedule.decidedTo, wakeAt: null } as const;
  const [, changed] = await Promise.all([given.round(), changeSchedule(given.gateway, schedule, rest)]);
  expect(changed?.version).toBe(2);
  expect(await given.round()).toBe(0);
  expect((await given.outcomes(schedule)).length).toBe(
    (await given.fixture.pool.query('select 1 from baton.stream')).rows.length,
  );
  expect(await pendingRequests(given.fixture.pool, { limit: 5 })).toEqual([]);
});

test('where there are several logs, a schedule starts its runs in its own', async () => {
  const shard = { number: 1, of: 2 };
  const schedule = await given.schedule(
    { overlap: 'allow', catchUp: { policy: 'all', most: 8 } },
    { secondsAgo: 3_600 * 8 + 60 },
  );
  expect(await given.roundOf(shard)).toBe(8);
  const firings = await given.firings(schedule);
  expect(firings.map(({ refusal, isAccepted }) => [refusal, isAccepted])).toEqual(Array(8).fill([null, false]));
  expect(firings.map(({ runId }) => shardOf(runId ?? '', 2))).toEqual(Array(8).fill(1));
  for (const firing of firings) expect((await given.events(firing)).map(({ type }) => type)).toContain('RunStarted');
});

test('those that a hub cannot read hold up none, however many they are', async () => {
  const schedule = await given.schedule({}, { secondsAgo: 3_601 });
  await given.asOwner(
    `insert into baton.schedule (name, timing, run, overlap, catch_up, made_at, decided_to, wake_at, created_by)
     select 'of-later-' || n, '{"type": "moon"}', s.run, s.overlap, s.catch_up, s.made_at, s.decided_to, s.wake_at - interval '1 minute', s.created_by
       from baton.schedule s, generate_series(1, 100) n`,
  );
  expect(await given.round()).toBe(1);
  expect(await given.outcomes(schedule)).toEqual(['started']);
});

test('a run that somebody started by hand is beside all else: the next one does not wait for it', async () => {
  const schedule = await given.schedule({}, { secondsAgo: 3_601 });
  await given.round();
  const [underWay] = await given.firings(schedule);
  const other = await given.schedule({ name: 'other' }, { secondsAgo: 3_601 });
  const { scheduleId } = other;
  const at = new Date();
  await noteManualStart(given.gateway, { scheduleId, at, requestId: 'trigger:x', runId: underWay?.runId ?? '' });
  await given.round();
  expect((await given.firings(other)).map(({ isManual, outcome }) => [isManual, outcome])).toEqual([
    [false, 'started'],
    [true, 'started'],
  ]);
});
