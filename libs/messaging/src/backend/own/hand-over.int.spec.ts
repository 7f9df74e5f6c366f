import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { beforeEach, describe, expect, inject, onTestFinished, test } from 'vitest';
import { ownRedis } from '../../testing/own-redis.js';
import { eventually } from '../../testing/recorder.js';
import { slotsOf } from '../both-doors.js';
import type { MessageStore, TakenMessage } from './message-store.js';
import { OwnWorker } from './own-worker.js';
import { redisStore } from './redis-store.js';

const QUEUE = 'worker-handed';
const settings = { concurrency: 2, lockDuration: 2_000, stalledInterval: 500, maxStalledCount: 9, runRetryDelay: 10 };
const message = (jobId: string, delayMs = 0) => ({ jobId, name: 'task', data: '{"n":"ü/1"}', priority: 1, delayMs });
const idsOf = (messages: readonly TakenMessage[]): readonly string[] => messages.map(({ jobId }) => jobId);

const redisUrl = inject('redisUrl');

describe.skipIf(redisUrl === null)('a message that is put in while somebody waits for it', () => {
  let store: MessageStore;
  let holder: string;
  beforeEach(async () => {
    const url = await ownRedis(redisUrl ?? '');
    const [commands, ears] = [new Redis(url), new Redis(url)];
    for (const connection of [commands, ears]) onTestFinished(() => connection.disconnect());
    store = redisStore(commands, ears);
    holder = randomUUID();
  });

  const take = (want: number, done: readonly string[] = [], waitMs = 5_000) =>
    store.finishAndTake(QUEUE, { holder, done, want, leaseMs: 2_000, waitMs });
  const listen = async (heard: (messages: readonly TakenMessage[]) => void) => {
    const stop = await store.handOver?.(QUEUE, holder, heard, () => {});
    if (stop === undefined) throw new Error('the store hands nothing over');
    onTestFinished(stop);
    return stop;
  };

  test('is handed over whole, as many as there is room for, and the rest waits', async () => {
    const heard: TakenMessage[] = [];
    await listen((messages) => heard.push(...messages));
    await take(2);
    await store.put(QUEUE, [message('a'), message('later', 60_000), message('b'), message('c')]);
    await eventually(() => expect(idsOf(heard)).toEqual(['a', 'b']));
    expect(heard[0]).toEqual({
      ...{ id: 'a', jobId: 'a', name: 'task', data: '{"n":"ü/1"}', priority: 1 },
      ...{ failures: 0, deliveries: 1, stalls: 0, waitedMs: 0 },
    });
    const states = { a: 'active', b: 'active', c: 'waiting', later: 'delayed' };
    expect(Object.fromEntries(await store.states(QUEUE, Object.keys(states)))).toEqual(states);
    expect(idsOf(await take(2, ['a', 'b']))).toEqual(['c']);
    expect(await store.counts(QUEUE)).toEqual({ waiting: 0, delayed: 1, active: 1 });
  });

  test('and is not heard comes with a later request, once, as the delivery that it is', async () => {
    await listen(() => {});
    await take(2);
    await store.put(QUEUE, [message('a')]);
    const found = await eventually(async () => {
      const messages = await take(2);
      expect(messages).not.toEqual([]);
      return messages;
    });
    expect(found).toMatchObject([{ jobId: 'a', deliveries: 1, stalls: 0 }]);
    expect(found[0]?.waitedMs).toBeGreaterThanOrEqual(250);
    expect(await take(2)).toEqual([]);
    expect(idsOf(await take(2, ['a']))).toEqual([]);
    expect(await store.counts(QUEUE)).toEqual({ waiting: 0, delayed: 0, active: 0 });
  });

  test('and was done in time does not come again', async () => {
    await listen(() => {});
    await take(1);
    await store.put(QUEUE, [message('a')]);
    await take(1, ['a']);
    await sleep(300);
    expect(await take(1)).toEqual([]);
  });

  test('is another’s once its holder is gone, when the lease has run out', async () => {
    await listen(() => {});
    await take(1);
    await store.put(QUEUE, [message('a')]);
    holder = randomUUID();
    expect(await take(1)).toEqual([]);
    const found = await eventually(async () => {
      const messages = await take(1);
      expect(messages).not.toEqual([]);
      return messages;
    });
    expect(found).toMatchObject([{ jobId: 'a', deliveries: 2, stalls: 1 }]);
  });

  test.each([
    ['is there to hear no more', async (stop: () => Promise<void>) => stop()],
    ['takes no more', async () => void (await take(0))],
  ])('waits, and rings, where who waited %s', async (_, leave) => {
    const heard: TakenMessage[] = [];
    let rings = 0;
    await store.listen(QUEUE, () => {
      rings += 1;
    });
    const stop = await listen((messages) => heard.push(...messages));
    await take(5);
    await leave(stop);
    await store.put(QUEUE, [message('a')]);
    await eventually(() => expect(rings).toBeGreaterThan(0));
    expect(Object.fromEntries(await store.states(QUEUE, ['a']))).toEqual({ a: 'waiting' });
    expect(heard).toEqual([]);
  });

  const given = (slots: ReturnType<typeof slotsOf>, process: (jobId: string) => Promise<void>) => {
    const requests: number[] = [];
    const counting: MessageStore = {
      ...store,
      finishAndTake: (queue, request) => {
        requests.push(request.done.length);
        return store.finishAndTake(queue, request);
      },
    };
    const processor = slots.within(({ id }) => process(id ?? ''));
    const worker = new OwnWorker(QUEUE, processor, settings, { store: counting, room: slots.free });
    onTestFinished(() => worker.close());
    return { worker, requests };
  };

  test('reaches a worker without a request of it', async () => {
    const slots = slotsOf(2);
    const seen: { readonly id: string; readonly after: number }[] = [];
    const { worker, requests } = given(slots, async (id) => void seen.push({ id, after: requests.length }));
    await worker.waitUntilReady();
    void worker.run();
    await eventually(() => expect(requests).toHaveLength(1));
    // The answer to the look is on its way.
    await sleep(50);
    await store.put(QUEUE, [message('a')]);
    await eventually(() => expect(seen).toEqual([{ id: 'a', after: 1 }]));
    await eventually(() => expect(requests).toContain(1));
    await eventually(async () => expect(await store.counts(QUEUE)).toMatchObject({ active: 0, waiting: 0 }));
    expect(seen).toHaveLength(1);
  });

  test('is left to others by a worker whose room was taken meanwhile', async () => {
    const slots = slotsOf(1);
    const { worker, requests } = given(slots, async () => {});
    await worker.waitUntilReady();
    void worker.run();
    await eventually(() => expect(requests).toHaveLength(1));
    await sleep(50);
    const busy = Promise.withResolvers<void>();
    onTestFinished(() => busy.resolve());
    void slots.within(() => busy.promise)({ ...job, id: 'by the other door' }, '');
    await store.put(QUEUE, [message('a')]);
    holder = randomUUID();
    const found = await eventually(async () => {
      const messages = await take(1);
      expect(messages).not.toEqual([]);
      return messages;
    });
    expect(found).toMatchObject([{ jobId: 'a', stalls: 0 }]);
  });
});

const job = {
  ...{ name: 'task', data: {}, opts: {}, attemptsMade: 0, attemptsStarted: 1, stalledCounter: 0 },
  moveToWait: async () => 1,
  moveToDelayed: async () => {},
};
