import { expect, test } from 'vitest';
import { idleQueues } from './idle-queues.js';

const queue = (name: string, waiting: number) => ({ name, waiting, delayed: 0 });

test('a queue waits for nobody where no worker of its kind is alive', () => {
  const workers = [
    { kind: 'planner', status: 'alive' as const },
    { kind: 'tester', status: 'silent' as const },
  ];
  const queues = [queue('worker-planner', 3), queue('worker-tester', 2), queue('worker-deployer', 1)];
  expect(idleQueues(queues, workers)).toEqual([
    { kind: 'tester', waiting: 2 },
    { kind: 'deployer', waiting: 1 },
  ]);
});

test('an empty queue needs nobody, and one of the hub is not for workers', () => {
  expect(idleQueues([queue('worker-planner', 0), queue('intake', 9)], [])).toEqual([]);
});
