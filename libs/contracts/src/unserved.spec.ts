import { expect, test } from 'vitest';
import { unservedQueues } from './unserved.js';

const queue = (name: string, waiting: number, active = 0) => ({
  name,
  waiting,
  oldestMs: waiting === 0 ? null : 1_000,
  active,
});

test('a queue in which tasks wait and for which nobody lives is named, with its kind', () => {
  const queues = [queue('worker-planner', 3), queue('worker-prompt', 2), queue('worker-idle', 0), queue('intake', 5)];
  const workers = [
    { kind: 'planner', status: 'silent' as const, isDraining: false },
    { kind: 'prompt', status: 'alive' as const, isDraining: false },
  ];
  expect(unservedQueues(queues, workers)).toEqual([
    { queue: 'worker-planner', kind: 'planner', waiting: 3, oldestMs: 1_000 },
  ]);
  const draining = workers.map((worker) => ({ ...worker, isDraining: true }));
  expect(unservedQueues(queues, draining).map(({ kind }) => kind)).toEqual(['planner', 'prompt']);
});

test('a queue whose tasks are in work is served, also by workers that announce nothing', () => {
  expect(unservedQueues([queue('worker-own', 3, 1)], [])).toEqual([]);
});
