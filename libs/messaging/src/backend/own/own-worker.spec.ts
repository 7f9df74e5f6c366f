import { expect, test } from 'vitest';
import type { MessageStore, TakenMessage } from './message-store.js';
import { OwnWorker } from './own-worker.js';

const settings = { concurrency: 1, lockDuration: 1_000, stalledInterval: 1_000, maxStalledCount: 1, runRetryDelay: 10 };
const message: TakenMessage = {
  ...{ id: '1', jobId: 'j-1', name: 'task', data: '{}', failures: 0, deliveries: 1, stalls: 0, waitedMs: 0 },
};

/** A store with these messages, which remembers what was done. */
function given(waiting: TakenMessage[]) {
  const done: string[] = [];
  const store: MessageStore = {
    put: async () => {},
    finishAndTake: async (_, request) => {
      done.push(...request.done);
      return waiting.splice(0, request.want);
    },
    renew: async (_, { ids }) => new Set(ids),
    release: async () => {},
    states: async () => new Map(),
    counts: async () => ({}),
    overdue: async () => 0,
    listen: async () => () => {},
  };
  return { store, done };
}

test('a message that is no JSON is for the schema of its queue to refuse, and ends no process', async () => {
  const { store, done } = given([{ ...message, data: 'no { json' }]);
  const seen: unknown[] = [];
  const worker = new OwnWorker('results-lane-1', async ({ data }) => void seen.push(data), settings, {
    store,
    room: (running) => 1 - running,
  });
  void worker.run();
  await expect.poll(() => done).toEqual(['1']);
  await worker.close();
  expect(seen).toEqual(['no { json']);
});

test('a message that is taken anew while it is in work is not begun a second time', async () => {
  const { store, done } = given([message, { ...message, deliveries: 2, stalls: 1 }]);
  const gate = Promise.withResolvers<void>();
  let begun = 0;
  const process = async () => {
    begun += 1;
    await gate.promise;
  };
  const worker = new OwnWorker('worker-a', process, settings, { store, room: () => 2 });
  void worker.run();
  await expect.poll(() => begun).toBe(1);
  gate.resolve();
  await expect.poll(() => done).toEqual(['1']);
  await worker.close();
  expect(begun).toBe(1);
});
