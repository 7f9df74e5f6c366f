import { afterEach, beforeEach, expect, test } from 'vitest';
import { Bench } from '../testing/baton.js';
import { json } from '../testing/http-server.js';
import { runView } from '../testing/run-view.js';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.start();
});
afterEach(() => bench.stop());

const worker = {
  workerId: '5b8f3c0e-6d52-4f0c-9f2a-7b1f6a2f5d11',
  kind: 'greeter',
  description: 'Greets.',
  version: '1.2',
  host: 'ada',
  pid: 7,
  concurrency: 4,
  load: 1,
  status: 'alive',
  isDraining: false,
  drainAskedAt: null,
  drainAskedBy: null,
  isAtOdds: false,
  slow: null,
  startedAt: '2026-01-01T00:00:00.000Z',
  seenAt: '2026-01-01T00:00:58.000Z',
  input: null,
  output: null,
};
const commandId = '3f2a91c0-0000-4000-8000-000000000000-3';
const delivery = {
  commandId,
  state: 'Greet',
  kind: 'greeter',
  queuedMs: 10_000,
  workMs: 10_000,
  dispatchNo: 0,
  workerId: 'w-1',
  host: 'ada',
  pid: 7,
  begunAt: '2026-01-01T00:00:50.000Z',
  endedAt: null,
  beatAt: '2026-01-01T00:00:58.000Z',
  note: 'half way',
  status: 'in-work',
};
const task = {
  commandId,
  state: 'Greet',
  kind: 'greeter',
  attempt: 1,
  since: '2026-01-01T00:00:40.000Z',
  queuedMs: 10_000,
  workMs: 10_000,
  deliveries: [delivery],
  hasWorker: true,
  noWorkerSince: null,
};

test('worker list shows who works, how much, and when it was heard of', async () => {
  bench.routes.set('GET /v1/workers', (_, response) => json(response, 200, { workers: [worker] }));
  const { exitCode, stdout } = await bench.baton(['worker', 'list']);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^5b8f3c0e {2}greeter {2}alive {3}1\/4 {6}2\.0 s ago {2}ada:7 {2}1\.2 {6}Greets\.$/m);
});

test('worker list tells those that drain from those that were only asked to', async () => {
  const drainAskedAt = '2026-01-01T00:00:50.000Z';
  const workers = [
    { ...worker, isDraining: true, drainAskedAt },
    { ...worker, workerId: '6c8f3c0e-6d52-4f0c-9f2a-7b1f6a2f5d11', drainAskedAt },
  ];
  bench.routes.set('GET /v1/workers', (_, response) => json(response, 200, { workers }));
  const { stdout } = await bench.baton(['worker', 'list']);
  expect(stdout).toMatch(/^5b8f3c0e {2}greeter {2}draining /m);
  expect(stdout).toMatch(/^6c8f3c0e {2}greeter {2}alive, to drain /m);
});

test('worker list says of which kind two versions work that do not fit', async () => {
  const workers = [worker, { ...worker, version: '2.0' }].map((each) => ({ ...each, isAtOdds: true }));
  bench.routes.set('GET /v1/workers', (_, response) => json(response, 200, { workers }));
  expect((await bench.baton(['worker', 'list'])).stderr).toContain('Workers of greeter say different things');
});

test('worker drain finds the worker by the beginning of its id, asks for it, and says what follows', async () => {
  const { workerId } = worker;
  let shown = worker;
  bench.routes.set('GET /v1/workers', (_, response) => json(response, 200, { workers: [shown] }));
  bench.routes.set(`POST /v1/workers/${workerId}/drain`, (_, response) => {
    json(response, 202, worker);
    shown = { ...worker, isDraining: true, load: 0 };
  });
  bench.routes.set(`DELETE /v1/workers/${workerId}/drain`, (_, response) => json(response, 200, worker));
  const drained = await bench.baton(['worker', 'drain', '5B8f']);
  expect(drained).toMatchObject({ exitCode: 0, stdout: '5b8f3c0e\n' });
  expect(drained.stderr).toContain('takes no more tasks within three seconds');
  expect((await bench.baton(['worker', 'drain', '5b8f', '--wait'])).stderr).toContain('has nothing in work');
  expect((await bench.baton(['worker', 'drain', '5b8f', '--undo'])).stderr).toContain('takes tasks again');
});

test.each([
  [['7'], 3],
  [['5b8f', '--undo', '--wait'], 2],
])('worker drain refuses %j', async (words, exitCode) => {
  bench.routes.set('GET /v1/workers', (_, response) => json(response, 200, { workers: [worker] }));
  expect((await bench.baton(['worker', 'drain', ...words])).exitCode).toBe(exitCode);
});

test('worker drain refuses a beginning that several have', async () => {
  const workers = [worker, { ...worker, workerId: '5bbbbbbb-6d52-4f0c-9f2a-7b1f6a2f5d11' }];
  bench.routes.set('GET /v1/workers', (_, response) => json(response, 200, { workers }));
  expect((await bench.baton(['worker', 'drain', '5b'])).exitCode).toBe(2);
});

test('worker list says where there is none', async () => {
  bench.routes.set('GET /v1/workers', (_, response) => json(response, 200, { workers: [] }));
  expect((await bench.baton(['worker', 'list'])).stderr).toContain('No worker has announced itself yet');
});

test('run get shows who is at each task, what was lost, and what is left of the budget', async () => {
  const lost = { ...delivery, pid: 6, status: 'lost', endedAt: '2026-01-01T00:00:49.000Z' };
  const budget = [{ kind: 'usd', used: 0.5, reserved: 0.25, limit: 2, left: 1.25 }];
  bench.serveRun({
    ...runView({ status: 'running', endedAt: null }),
    ...{ work: [task], lost: [lost], done: [{ ...delivery, workMs: 3_000, status: 'ended' }], budget },
  });
  const { stdout } = await bench.baton(['run', 'get', '3f2a']);
  expect(stdout).toMatch(/^budget {5}0\.5000 USD of 2\.0000 USD spent, 0\.2500 USD reserved, 1\.2500 USD left$/m);
  expect(stdout).toMatch(/^Greet {2}greeter {2}1 {8}10\.0 s {2}10\.0 s {3}ada:7, 2\.0 s ago: half way$/m);
  expect(stdout).toMatch(/^Greet {2}greeter {2}10\.0 s {2}3\.0 s {4}ada:7$/m);
  expect(stdout).toMatch(/^Greet {2}3 {5}0 {9}ada:6 {4}2026-01-01 00:00:50Z {2}2026-01-01 00:00:49Z$/m);
});

test.each([
  [{ noWorkerSince: null }, 'no worker of kind greeter has been seen yet'],
  [{ noWorkerSince: '2026-01-01T00:00:30.000Z' }, 'no worker of kind greeter since 2026-01-01 00:00:30Z'],
])('run get says of a task that waits in vain why: %o', async (change, says) => {
  const waiting = { ...task, hasWorker: false, deliveries: [], workMs: null, ...change };
  bench.serveRun({ ...runView({ status: 'running', endedAt: null }), ...{ work: [waiting] } });
  expect((await bench.baton(['run', 'get', '3f2a'])).stdout).toContain(says);
});

test('run watch says once that a worker is missing, and that a task was lost', async () => {
  const waiting = { ...task, hasWorker: false, deliveries: [], workMs: null };
  const view = {
    ...runView({ version: 4, status: 'running', endedAt: null }),
    ...{ work: [waiting], lost: [{ ...delivery, status: 'lost' }] },
  };
  bench.serveRun(view);
  const letGo = new AbortController();
  setTimeout(() => letGo.abort(), 7_500);
  const path = [...bench.routes.keys()].find((key) => key.endsWith('/events')) ?? '';
  bench.routes.set(path, (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(': nothing yet\n\n');
  });
  const { stdout } = await bench.baton(['run', 'watch', '3f2a'], { signal: letGo.signal });
  expect(stdout.match(/no worker of kind greeter/g)).toHaveLength(1);
  expect(stdout.match(/Greet: ada:7 fell silent after 10\.0 s; the task was given up\./g)).toHaveLength(1);
});

test('run get says that a task is at work, and how many are done that are not listed', async () => {
  const step = { state: 'Greet', step: 1, item: null, title: 'Greet', agent: 'greeter', attempt: 1, durationMs: null };
  const steps = [
    { ...step, status: 'waiting' as const, startedAt: '2026-01-01T00:00:00.000Z' },
    { ...step, state: 'Other', attempt: 3, status: 'succeeded' as const, startedAt: '2026-01-01T00:00:00.000Z' },
  ];
  const done = [{ ...delivery, state: 'Other', status: 'ended' }];
  bench.serveRun({ ...runView({ status: 'running', endedAt: null, steps }), ...{ work: [task], done } });
  const { stdout } = await bench.baton(['run', 'get', '3f2a']);
  expect(stdout).toMatch(/^1 {5}Greet {2}Greet {2}greeter {2}at work {4}1$/m);
  expect(stdout).toMatch(/^2 more are done: listed are the newest 20 that took 0\.1 s or longer\.$/m);
  bench.serveRun({ ...runView({ status: 'running', endedAt: null, steps }), ...{ work: [{ ...task, workMs: null }] } });
  expect((await bench.baton(['run', 'get', '3f2a'])).stdout).toMatch(/greeter {2}waiting/);
});

test('a worker that is far slower than its fellows is said to be, with what that rests on', async () => {
  const slow = { state: 'Plan', tasks: 20, medianMs: 5_000, fellowsMs: 1_100, fellows: 2 };
  bench.routes.set('GET /v1/workers', (_, response) => json(response, 200, { workers: [{ ...worker, slow }] }));
  const { stdout, stderr } = await bench.baton(['worker', 'list']);
  expect(stdout).toContain('alive, slow');
  expect(stderr).toContain('takes 5.0 s for Plan, its 2 fellows 1.1 s (medians; 20 tasks).');
});
