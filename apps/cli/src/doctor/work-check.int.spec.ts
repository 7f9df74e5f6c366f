import { randomUUID } from 'node:crypto';
import type { QueueView, WorkerView } from '@baton/contracts';
import { expect, test } from 'vitest';
import { parseEnvironment } from '../environment.js';
import { Bench } from '../testing/baton.js';
import { json } from '../testing/http-server.js';
import { checkWork } from './work-check.js';

const queue = (name: string, waiting: number): QueueView => ({
  ...{ name, waiting, oldestMs: waiting === 0 ? null : waiting * 60_000 },
  ...{ active: 0, delayed: 0, completed: 0, doneLastMinute: 0, failed: 0 },
});

const worker = (kind: string, of: Partial<WorkerView> = {}): WorkerView => ({
  ...{ workerId: randomUUID(), kind, description: '', version: '1.0.0', host: 'ada', pid: 7, concurrency: 1, load: 0 },
  ...{ status: 'alive', isDraining: false, drainAskedAt: null, drainAskedBy: null, isAtOdds: false, slow: null },
  ...{ startedAt: '2026-01-01T00:00:00Z', seenAt: '2026-01-01T00:00:00Z', input: null, output: null, ...of },
});

test('which tasks wait for a worker that is not there is said, and nothing where nobody can be asked', async () => {
  const bench = await Bench.start();
  const env = parseEnvironment({ BATON_HOME: '/nowhere', BATON_URL: bench.server.url, BATON_TOKEN: 't' }, '/');
  const check = () => checkWork(env, new AbortController().signal);
  expect(await check()).toEqual([]);
  const waiting = [
    ['intake', 9],
    ['worker-a', 1],
    ['worker-b', 2],
    ['worker-c', 0],
    ['worker-d', 3],
  ] as const;
  const queues = [
    ...waiting.map(([name, count]) => queue(name, count)),
    { ...queue('worker-unannounced', 4), active: 1 },
  ];
  const workers = [worker('a', { status: 'silent' }), worker('a', { isDraining: true }), worker('b')];
  bench.routes.set('GET /v1/queues', (_, response) => json(response, 200, { queues, caps: [], models: [] }));
  bench.routes.set('GET /v1/workers', (_, response) => json(response, 200, { workers, tasks: [] }));
  expect(await check()).toEqual([
    {
      status: 'warn',
      check: 'work',
      found:
        '1 task waits for a worker of the kind a, the first for 1 min 00 s, and none takes any; 3 tasks wait for a worker of the kind d, the first for 3 min 00 s, and none takes any',
      next: 'Start such a worker; `baton worker list` says who was there last.',
    },
  ]);
  workers.push(worker('a'), worker('d'));
  expect(await check()).toMatchObject([{ status: 'ok' }]);
  await bench.stop();
});
