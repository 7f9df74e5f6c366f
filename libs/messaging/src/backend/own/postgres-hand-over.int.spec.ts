import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { silentLog } from '../../config.js';
import { eventually } from '../../testing/recorder.js';
import { backends, type TestServer } from '../../testing/test-servers.js';
import { slotsOf } from '../both-doors.js';
import type { MessageStore, TakenMessage } from './message-store.js';
import { OwnWorker } from './own-worker.js';
import { Bells } from './postgres-bells.js';
import { taskAlongside } from './postgres-put-task.js';
import { postgresStore } from './postgres-store.js';
import { TAKERS } from './postgres-takers.js';

const settings = { concurrency: 2, lockDuration: 2_000, stalledInterval: 500, maxStalledCount: 9, runRetryDelay: 10 };
const message = (jobId: string, { delayMs = 0, data = '{"n":"ü\\"1"}' } = {}) => ({
  ...{ jobId, name: 'task', data, priority: 1, delayMs },
});
const idsOf = (messages: readonly TakenMessage[]): readonly string[] => messages.map(({ jobId }) => jobId);

describe('a message that is put in alone while somebody waits for it, on Postgres', () => {
  let server: TestServer;
  let pool: pg.Pool;
  let store: MessageStore;
  let listener: string;
  let queue: string;
  let holder: string;
  let rings: number;
  let heard: TakenMessage[];
  beforeAll(async () => {
    const [postgres] = backends;
    if (postgres === undefined) throw new Error('no postgres');
    server = await postgres.open();
    pool = new pg.Pool({ connectionString: server.config.url });
  });
  afterAll(async () => {
    await pool?.end();
    await server?.drop();
  });
  beforeEach(() => {
    listener = `bells-${randomUUID()}`;
    const client = () => new pg.Client({ connectionString: server.config.url, application_name: listener });
    const bells = new Bells(client, silentLog);
    onTestFinished(() => bells.close());
    store = postgresStore(pool, bells);
    queue = `worker-${randomUUID()}`;
    holder = randomUUID();
    rings = 0;
    heard = [];
  });

  const take = (want: number, done: readonly string[] = [], { as = holder, waitMs = 60_000 } = {}) =>
    store.finishAndTake(queue, { holder: as, done, want, leaseMs: 2_000, waitMs });
  const missed = async () => void heard.push(...((await store.held?.(queue, holder)) ?? []));
  const listen = async () => {
    await store.listen(queue, () => {
      rings += 1;
    });
    const stop = await store.handOver?.(queue, holder, (messages) => heard.push(...messages), missed);
    if (stop === undefined) throw new Error('the store hands nothing over');
    return stop;
  };
  const wait = async (want: number) => {
    const stop = await listen();
    expect(await take(want)).toEqual([]);
    // The connection rings once when it is there.
    rings = 0;
    return stop;
  };
  const stateOf = async (jobId: string) => (await store.states(queue, [jobId])).get(jobId);
  /** Ends the connection that listens, from the other side; resolves when another is there and has said so. */
  const cutOff = async () => {
    const aliveNow = async () =>
      (await pool.query<{ alive: number }>(`select alive from ${TAKERS} where queue = $1`, [queue])).rows[0]?.alive;
    const before = await aliveNow();
    await pool.query('select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1', [listener]);
    return { back: () => eventually(async () => expect(await aliveNow()).not.toBe(before)) };
  };

  test('is handed over whole, is in work from then on, and is gone when it is done', async () => {
    await wait(2);
    await store.put(queue, [message('a')]);
    await eventually(() => expect(idsOf(heard)).toEqual(['a']));
    expect(heard[0]).toEqual({
      ...{ id: 'a', jobId: 'a', name: 'task', data: '{"n":"ü\\"1"}', priority: 1 },
      ...{ failures: 0, deliveries: 1, stalls: 0, waitedMs: 0 },
    });
    expect(await stateOf('a')).toBe('active');
    expect(await take(2, ['a'])).toEqual([]);
    expect(await store.counts(queue)).toEqual({});
  });

  test('is handed over with the transaction that issues it, and not before', async () => {
    await wait(1);
    const client = await pool.connect();
    const { fn, values } = taskAlongside(queue, message('a'));
    await client.query('begin');
    await client.query(`select ${fn}($1, $2, $3, $4, $5, $6)`, [...values]);
    expect(heard).toEqual([]);
    expect(await stateOf('a')).toBeUndefined();
    await client.query('commit');
    client.release();
    await eventually(() => expect(idsOf(heard)).toEqual(['a']));
    expect(await stateOf('a')).toBe('active');
    expect(rings).toBe(0);
  });

  test('goes to as many as there is room for; what comes then waits, and rings', async () => {
    await wait(2);
    for (const id of ['a', 'b', 'c']) await store.put(queue, [message(id)]);
    await eventually(() => expect(rings).toBeGreaterThan(0));
    expect(idsOf(heard)).toEqual(['a', 'b']);
    expect(await stateOf('c')).toBe('waiting');
    expect(idsOf(await take(2, ['a', 'b']))).toEqual(['c']);
  });

  test('goes to one of several who wait, until none of them has room', async () => {
    await wait(2);
    const other = randomUUID();
    await store.handOver?.(
      queue,
      other,
      (messages) => heard.push(...messages),
      () => {},
    );
    expect(await take(2, [], { as: other })).toEqual([]);
    const ids = ['a', 'b', 'c', 'd', 'e'];
    for (const id of ids.slice(0, 2)) await store.put(queue, [message(id)]);
    for (const id of ids.slice(2)) {
      const { fn, values } = taskAlongside(queue, message(id));
      await pool.query(`select ${fn}($1, $2, $3, $4, $5, $6)`, [...values]);
    }
    await eventually(() => expect(rings).toBeGreaterThan(0));
    expect(idsOf(heard)).toEqual(['a', 'b', 'c', 'd']);
    expect(await stateOf('e')).toBe('waiting');
    const { rows } = await pool.query(`select room from ${TAKERS} where queue = $1`, [queue]);
    expect(rows).toEqual([{ room: 0 }, { room: 0 }]);
  });

  test.each([
    ['for ever', `until = 'infinity'`],
    ['with a lock that nobody has', `alive = 12345`],
  ])('is not kept by a row that says it waits %s', async (_, said) => {
    await wait(5);
    await pool.query(`update ${TAKERS} set ${said} where queue = $1`, [queue]);
    await store.put(queue, [message('a')]);
    await eventually(() => expect(rings).toBeGreaterThan(0));
    expect(await stateOf('a')).toBe('waiting');
  });

  test.each([
    ['several at once', () => [message('a'), message('b')], 'waiting'],
    ['one that is due later', () => [message('a', { delayMs: 60_000 })], 'delayed'],
    [
      'one that is longer than a word may be',
      () => [message('a', { data: JSON.stringify('x'.repeat(7_950)) })],
      'waiting',
    ],
    [
      'one that is too long when it is told',
      () => [message('a', { data: JSON.stringify('"'.repeat(3_000)) })],
      'waiting',
    ],
  ])('is asked for where it is %s', async (_, messages, state) => {
    await wait(5);
    await store.put(queue, messages());
    if (state === 'waiting') await eventually(() => expect(rings).toBeGreaterThan(0));
    expect(await stateOf('a')).toBe(state);
    expect(heard).toEqual([]);
  });

  test.each([
    ['has left', async (stop: () => Promise<void>) => stop()],
    ['takes no more', async () => void (await take(0))],
    ['waits no longer', async () => void (await take(1, [], { waitMs: 1 }))],
    ['hears nothing any more', async () => void (await cutOff())],
  ])('waits, and rings, where who waited %s', async (_, leave) => {
    const stop = await wait(5);
    await leave(stop);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await store.put(queue, [message('a')]);
    await eventually(() => expect(rings).toBeGreaterThan(0));
    expect(await stateOf('a')).toBe('waiting');
    expect(heard).toEqual([]);
  });

  test('and was told to a connection that was lost is told again when it is back', async () => {
    await wait(1);
    await store.put(queue, [message('a')]);
    await eventually(() => expect(idsOf(heard)).toEqual(['a']));
    await store.renew(queue, { holder, ids: ['a'], leaseMs: 60_000 });
    await (await cutOff()).back();
    await eventually(() => expect(idsOf(heard)).toEqual(['a', 'a']));
    await take(1, ['a']);
    await store.put(queue, [message('b')]);
    await eventually(() => expect(idsOf(heard)).toEqual(['a', 'a', 'b']));
  });

  test('is another’s when the holder does not come back, once the lease is over', async () => {
    await wait(1);
    await store.put(queue, [message('a')]);
    const other = randomUUID();
    expect(await take(1, [], { as: other })).toEqual([]);
    const found = await eventually(async () => {
      const messages = await take(1, [], { as: other });
      expect(messages).not.toEqual([]);
      return messages;
    });
    expect(found).toMatchObject([{ jobId: 'a', deliveries: 2, stalls: 1 }]);
  });

  test('is put in while another transaction has the row of who waits, and waits for nobody', async () => {
    await wait(5);
    const client = await pool.connect();
    await client.query('begin');
    await client.query(`select from ${TAKERS} where queue = $1 for update`, [queue]);
    await store.put(queue, [message('a')]);
    await eventually(() => expect(rings).toBeGreaterThan(0));
    expect(idsOf(await take(5))).toEqual(['a']);
    await client.query('commit');
    client.release();
  });

  test('reaches a worker without a request of it, and each of many is worked on once', async () => {
    const slots = slotsOf(2);
    const requests: number[] = [];
    const counting: MessageStore = {
      ...store,
      finishAndTake: (of, request) => {
        requests.push(request.done.length);
        return store.finishAndTake(of, request);
      },
    };
    const seen: string[] = [];
    let requestsBefore = -1;
    const processor = slots.within(async ({ id }) => {
      if (requestsBefore < 0) requestsBefore = requests.length;
      seen.push(id ?? '');
    });
    const worker = new OwnWorker(queue, processor, settings, { store: counting, room: slots.free });
    onTestFinished(() => worker.close());
    await worker.waitUntilReady();
    void worker.run();
    const room = async () =>
      (await pool.query<{ room: number }>(`select room from ${TAKERS} where queue = $1`, [queue])).rows[0]?.room;
    await eventually(async () => expect(await room()).toBe(2));
    const looks = requests.length;
    await store.put(queue, [message('first')]);
    await eventually(() => expect(seen).toEqual(['first']));
    expect(requestsBefore).toBeLessThanOrEqual(looks + 1);
    const ids = Array.from({ length: 60 }, (_, n) => `m-${n}`);
    for (const id of ids) await store.put(queue, [message(id)]);
    await (await cutOff()).back();
    await eventually(async () => expect(await store.counts(queue)).toEqual({}));
    expect(seen.toSorted()).toEqual(['first', ...ids].toSorted());
  });
});
