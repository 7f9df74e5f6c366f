import { randomUUID } from 'node:crypto';
import { WorkerAnnouncement } from '@baton/contracts';
import { announceWorker, createPool } from '@baton/event-store';
import { document, runStarted } from '@baton/read-model/testing';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { startTestGateway, type TestGateway, TOKEN } from '../testing/test-gateway.js';

let gateway: TestGateway;
let owner: Pool;
let worker: Pool;
beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'));
  owner = createPool(gateway.databaseUrl, { role: 'owner', applicationName: 'workers-test' });
  worker = createPool(gateway.databaseUrl, { role: 'worker', applicationName: 'workers-test' });
});
afterAll(async () => {
  await Promise.all([owner?.end(), worker?.end()]);
  await gateway?.stop();
});

const announce = (workerId: string, kind: string, changes: object = {}) =>
  announceWorker(
    worker,
    WorkerAnnouncement.parse({ v: 1, workerId, kind, host: 'ada', pid: 7, concurrency: 2, ...changes }),
  );
const at = (commandId: string, begunMsAgo: number, note: string | null = null) => ({
  ordinal: 1,
  commandId,
  state: 'Greet',
  dispatchNo: 0,
  begunMsAgo,
  endedMsAgo: null,
  beatMsAgo: note === null ? null : 100,
  note,
});
const fallSilent = (workerId: string) =>
  owner.query(`update baton.worker set seen_at = seen_at - interval '1 minute' where worker_id = $1`, [workerId]);

/** A run that waits for a task of a kind, ten seconds ago. */
async function runWaitingFor(
  kind: string,
  budget?: object,
): Promise<{ readonly runId: string; readonly commandId: string }> {
  const runId = randomUUID();
  const commandId = `${runId}-1`;
  await gateway.log.append(
    runId,
    runStarted(budget === undefined ? {} : { budget: { usd: null, tokens: null, wallClock: null, ...budget } }),
  );
  await owner.query(
    `insert into baton.command (seq, command_id, lane, run_id, queue, name, message, priority, created_at)
     values ((random() * 1e9)::bigint, $1, 1, $2, $3, 'task', $4, 0, clock_timestamp() - interval '10 seconds')`,
    [commandId, runId, `worker-${kind}`, JSON.stringify({ state: 'Greet', attempt: 1, arguments: '\u0000' })],
  );
  return { runId, commandId };
}
const runOf = async (runId: string) => (await gateway.get(`/v1/runs/${runId}`)).body;

test('GET /v1/workers lists who works, with what is known of each, and who is silent or has stopped', async () => {
  const [alive, silent, stopped] = [randomUUID(), randomUUID(), randomUUID()];
  await announce(alive, 'lister', {
    description: 'Lists.',
    version: '1.2',
    input: { type: 'object' },
    tasks: [at(`${randomUUID()}-1`, 5)],
  });
  await announce(silent, 'lister');
  await announce(stopped, 'lister', { isStopped: true });
  await fallSilent(silent);
  const { status, body } = await gateway.get('/v1/workers');
  expect(status).toBe(200);
  expect(body.workers.filter(({ kind }: { kind: string }) => kind === 'lister')).toMatchObject([
    {
      workerId: alive,
      status: 'alive',
      load: 1,
      concurrency: 2,
      host: 'ada',
      pid: 7,
      description: 'Lists.',
      version: '1.2',
      input: { type: 'object' },
      output: null,
    },
    { workerId: silent, status: 'silent', load: 0 },
    { workerId: stopped, status: 'stopped', load: 0 },
  ]);
});

test('a run says that no worker of the kind has been seen, or since when there is none, or that one is there', async () => {
  const { runId, commandId } = await runWaitingFor('lonely');
  expect((await runOf(runId)).work).toMatchObject([
    {
      commandId,
      state: 'Greet',
      kind: 'lonely',
      attempt: 1,
      hasWorker: false,
      noWorkerSince: null,
      deliveries: [],
      workMs: null,
    },
  ]);
  const workerId = randomUUID();
  await announce(workerId, 'lonely');
  expect((await runOf(runId)).work).toMatchObject([{ hasWorker: true, noWorkerSince: null }]);
  await fallSilent(workerId);
  expect((await runOf(runId)).work).toMatchObject([{ hasWorker: false, noWorkerSince: expect.stringMatching(/Z$/) }]);
});

test('a run says who is at its task, what was heard last, and how long it waited apart from how long it is worked on', async () => {
  const { runId, commandId } = await runWaitingFor('busy');
  const workerId = randomUUID();
  await announce(workerId, 'busy', { tasks: [at(commandId, 4_000, 'half way')] });
  const [task] = (await runOf(runId)).work;
  expect(task.deliveries).toMatchObject([{ workerId, host: 'ada', pid: 7, note: 'half way', status: 'in-work' }]);
  expect(Math.round(task.workMs / 1000)).toBe(4);
  expect(Math.round(task.queuedMs / 1000)).toBe(6);
  await announce(workerId, 'busy', { tasks: [{ ...at(commandId, 4_500), endedMsAgo: 500 }] });
  await owner.query('delete from baton.command where command_id = $1', [commandId]);
  const { work, done } = await runOf(runId);
  expect(work).toEqual([]);
  expect(done).toMatchObject([{ commandId, state: 'Greet', kind: 'busy', host: 'ada', status: 'ended' }]);
  expect([done[0].queuedMs, done[0].workMs].map((ms) => Math.round(ms / 1000))).toEqual([6, 4]);
});

test('a delivery that was lost stays in the story of the run, also when the task is done', async () => {
  const { runId, commandId } = await runWaitingFor('mortal');
  const [dead, heir] = [randomUUID(), randomUUID()];
  await announce(dead, 'mortal', { tasks: [at(commandId, 5_000)] });
  await fallSilent(dead);
  expect((await runOf(runId)).work[0].deliveries).toMatchObject([{ workerId: dead, status: 'silent' }]);
  await announce(heir, 'mortal', { tasks: [at(commandId, 1_000)] });
  expect((await runOf(runId)).work[0].deliveries).toMatchObject([
    { workerId: dead, status: 'lost' },
    { workerId: heir, status: 'in-work' },
  ]);
  await owner.query('delete from baton.command where command_id = $1', [commandId]);
  expect(await runOf(runId)).toMatchObject({ work: [], lost: [{ commandId, workerId: dead, status: 'lost' }] });
});

test('a run with a budget says what is spent and what is left', async () => {
  const { runId } = await runWaitingFor('poor', { usd: 2, tokens: 100 });
  expect((await runOf(runId)).budget).toEqual([
    { kind: 'usd', used: 0, reserved: 0, limit: 2, left: 2 },
    { kind: 'tokens', used: 0, reserved: 0, limit: 100, left: 100 },
  ]);
  expect((await runOf((await runWaitingFor('poor')).runId)).budget).toEqual([]);
});

test('a run without work keeps its tag, and one with work changes it with what is heard', async () => {
  const { runId, commandId } = await runWaitingFor('tagged');
  const tag = async () => (await gateway.get(`/v1/runs/${runId}`)).headers.get('etag');
  const before = await tag();
  await announce(randomUUID(), 'tagged', { tasks: [at(commandId, 10)] });
  expect(await tag()).not.toBe(before);
});

test('publication warns of a kind that no worker has ever served, and of no other', async () => {
  const asking = (kind: string) => ({
    ...document,
    name: 'asking',
    definition: {
      QueryLanguage: 'JSONata',
      StartAt: 'Plan',
      States: {
        Plan: { Type: 'Task', Resource: 'baton:worker:planner', Next: 'Code' },
        Code: { Type: 'Task', Resource: `baton:worker:${kind}`, End: true },
      },
    },
  });
  const findings = async (kind: string): Promise<readonly { readonly code: string; readonly message: string }[]> =>
    (await gateway.post('/v1/workflows/validate', asking(kind))).body.findings.filter(
      ({ code }: { code: string }) => code === 'unknown-worker-kind',
    );
  expect(await findings('never-seen')).toMatchObject([
    { severity: 'warning', message: expect.stringContaining('never-seen') },
  ]);
  const workerId = randomUUID();
  await announce(workerId, 'seen-once', { isStopped: true });
  expect(await findings('seen-once')).toEqual([]);
});

test('a delivery whose worker died and whose task ran into its limit is lost, too', async () => {
  const { runId, commandId } = await runWaitingFor('killed');
  const dead = randomUUID();
  await announce(dead, 'killed', { tasks: [at(commandId, 4_000)] });
  await fallSilent(dead);
  expect((await runOf(runId)).lost).toEqual([]);
  await owner.query('delete from baton.command where command_id = $1', [commandId]);
  const { lost, done } = await runOf(runId);
  expect(lost).toMatchObject([{ commandId, workerId: dead, status: 'lost', endedAt: null }]);
  expect(done).toEqual([]);
});

test('a worker is asked to drain, hears of it with its next word, and says when it does; taken back, it hears of that', async () => {
  const workerId = randomUUID();
  expect(await announce(workerId, 'drained')).toBe(false);
  const shown = async () =>
    (await gateway.get('/v1/workers')).body.workers.find((each: { workerId: string }) => each.workerId === workerId);
  const asked = await gateway.post(`/v1/workers/${workerId}/drain`, {});
  const by = { type: 'apikey', id: 'local-admin' };
  expect(asked).toMatchObject({ status: 202, body: { workerId, isDraining: false, drainAskedBy: by } });
  expect(await announce(workerId, 'drained')).toBe(true);
  await announce(workerId, 'drained', { isDraining: true, tasks: [at(`${randomUUID()}-1`, 5)] });
  expect(await shown()).toMatchObject({ status: 'alive', isDraining: true, load: 1, drainAskedBy: by });
  const log = (await gateway.get('/v1/auth/log')).body;
  expect(JSON.stringify(log)).toContain(`"route":"POST /v1/workers/:id/drain"`);
  expect(JSON.stringify(log)).toContain(workerId);
  const headers = { authorization: `Bearer ${TOKEN}` };
  const undone = await gateway.bare(`/v1/workers/${workerId}/drain`, { method: 'DELETE', headers });
  expect(undone).toMatchObject({ status: 200, body: { drainAskedAt: null, drainAskedBy: null } });
  expect(await announce(workerId, 'drained')).toBe(false);
});

test.each(['x', randomUUID()])('there is no worker %s to drain', async (id) => {
  expect(await gateway.post(`/v1/workers/${id}/drain`, {})).toMatchObject({
    status: 404,
    body: { code: 'worker-not-found' },
  });
});

test('a worker that has stopped cannot be drained, and a kind of which all drain has none that takes tasks', async () => {
  const { runId } = await runWaitingFor('leaving');
  const workerId = randomUUID();
  await announce(workerId, 'leaving', { isDraining: true });
  expect((await runOf(runId)).work).toMatchObject([{ hasWorker: false }]);
  await announce(workerId, 'leaving', { isStopped: true });
  expect((await gateway.post(`/v1/workers/${workerId}/drain`, {})).status).toBe(404);
});

test('a kind of which two versions take tasks that do not fit is told, for as long as both do', async () => {
  const [first, second, silent] = [randomUUID(), randomUUID(), randomUUID()];
  const input = (type: string) => ({ input: { type } });
  const atOdds = async () =>
    (await gateway.get('/v1/workers')).body.workers
      .filter(({ kind }: { kind: string }) => kind === 'divided')
      .map((each: { isAtOdds: boolean }) => each.isAtOdds);
  await announce(first, 'divided', input('object'));
  await announce(silent, 'divided');
  expect(await atOdds()).toEqual([false, false]);
  await announce(second, 'divided', input('string'));
  expect(await atOdds()).toEqual([true, true, true]);
  await announce(first, 'divided', { ...input('object'), isDraining: true });
  expect(await atOdds()).toEqual([false, false, false]);
});

test('a worker that is far slower than its fellow is told of, with what that rests on', async () => {
  const [fast, slow] = [randomUUID(), randomUUID()];
  const done = (endedMsAgo: number, tookMs: number) =>
    Array.from({ length: 12 }, (_, n) => ({
      ...at(`${randomUUID()}-1`, endedMsAgo + tookMs),
      ordinal: n + 1,
      endedMsAgo,
    }));
  await announce(fast, 'paced', { tasks: done(1_000, 1_000) });
  await announce(slow, 'paced', { tasks: done(1_000, 4_000) });
  const { workers } = (await gateway.get('/v1/workers')).body;
  const found = new Map(workers.map((each: { workerId: string; slow: unknown }) => [each.workerId, each.slow]));
  expect(found.get(fast)).toBeNull();
  expect(found.get(slow)).toEqual({ state: 'Greet', tasks: 12, medianMs: 4_000, fellowsMs: 1_000, fellows: 1 });
});
