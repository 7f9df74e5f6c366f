import { expect, test, vi } from 'vitest';
import { slotsOf } from '../both-doors.js';
import type { MessageStore, TakenMessage } from './message-store.js';
import { OwnWorker } from './own-worker.js';

const settings = { concurrency: 1, lockDuration: 1_000, stalledInterval: 1_000, maxStalledCount: 1, runRetryDelay: 10 };
const message: TakenMessage = {
  ...{
    id: '1',
    jobId: 'j-1',
    name: 'task',
    data: '{}',
    priority: 0,
    failures: 0,
    deliveries: 1,
    stalls: 0,
    waitedMs: 0,
  },
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
    withdraw: async () => new Set(),
    states: async () => new Map(),
    counts: async () => ({}),
    overdue: async () => 0,
    noteDone: async () => {},
    flow: async () => ({ oldestMs: null, doneLastMinute: 0 }),
    listen: async () => () => {},
  };
  return { store, done };
}

test('a message that is no JSON is for the schema of its queue to refuse, and ends no process', async () => {
  const { store, done } = given([{ ...message, data: 'no { json' }]);
  const seen: unknown[] = [];
  const slots = slotsOf(1);
  const take = slots.within(async ({ data }) => void seen.push(data));
  const worker = new OwnWorker('results-lane-1', take, settings, { store, room: slots.free });
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

test('a message in work is renewed so early that more than half of its lease is left', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    const { store } = given([message]);
    const renewed: string[] = [];
    const gate = Promise.withResolvers<void>();
    const renew: MessageStore['renew'] = async (_, { ids }) => {
      renewed.push(...ids);
      return new Set(ids);
    };
    const room = (): number => 1;
    const worker = new OwnWorker('worker-a', () => gate.promise, settings, { store: { ...store, renew }, room });
    void worker.run();
    await new Promise((resolve) => setTimeout(resolve, 1));
    vi.advanceTimersByTime(settings.lockDuration / 2 - 1);
    expect(renewed).toEqual(['1']);
    gate.resolve();
    await worker.close();
  } finally {
    vi.useRealTimers();
  }
});

test('a message that was given back and is taken anew before the answer to that is begun once the answer is there', async () => {
  const waiting = [message];
  const { store, done } = given(waiting);
  const answer = Promise.withResolvers<void>();
  let begun = 0;
  const process = async () => {
    begun += 1;
    if (begun === 1) throw new Error('not now');
  };
  const release: MessageStore['release'] = async () => {
    waiting.push({ ...message, deliveries: 2 });
    worker.ring();
    await answer.promise;
  };
  const worker = new OwnWorker('worker-a', process, settings, { store: { ...store, release }, room: () => 2 });
  void worker.run();
  await expect.poll(() => [begun, waiting.length]).toEqual([1, 0]);
  answer.resolve();
  await expect.poll(() => done).toEqual(['1']);
  await worker.close();
  expect(begun).toBe(2);
});

test.each(['close', 'disconnect'] as const)(
  'a worker that is told to %s before it hears a bell leaves none behind',
  async (end) => {
    const opened = Promise.withResolvers<void>();
    let bells = 0;
    const listen: MessageStore['listen'] = async () => {
      await opened.promise;
      bells += 1;
      return () => {
        bells -= 1;
      };
    };
    const worker = new OwnWorker('worker-a', async () => {}, settings, {
      store: { ...given([]).store, listen },
      room: () => 1,
    });
    const ready = [worker.waitUntilReady(), worker.waitUntilReady()];
    await worker[end]();
    opened.resolve();
    await Promise.all(ready);
    await expect.poll(() => bells).toBe(0);
    await worker.waitUntilReady();
    expect(bells).toBe(0);
  },
);

test('a worker that could not listen tries again when it is asked again', async () => {
  let tries = 0;
  const listen: MessageStore['listen'] = async () => {
    tries += 1;
    if (tries === 1) throw new Error('away');
    return () => {};
  };
  const worker = new OwnWorker('worker-a', async () => {}, settings, {
    store: { ...given([]).store, listen },
    room: () => 1,
  });
  await expect(worker.waitUntilReady()).rejects.toThrow('away');
  await worker.waitUntilReady();
  expect(tries).toBe(2);
  await worker.close();
});
