import { randomUUID } from 'node:crypto';
import { type Actor, commandIdOf } from '@baton/contracts';
import { capLoads, listDeadLetters } from '@baton/event-store';
import { getRun } from '@baton/read-model';
import { afterEach, beforeEach, expect, inject, test, vi } from 'vitest';
import { GivenPlaces } from '../testing/given-places.js';

const ada: Actor = { type: 'user', id: 'ada' };
const bo: Actor = { type: 'user', id: 'bo' };

const WAIT = { timeout: 30_000, interval: 20 };
const isLong = inject('effort') === 'long';

let places: GivenPlaces;
beforeEach(async () => {
  places = await GivenPlaces.open(inject('postgresUrl'));
});
afterEach(() => places?.close());

const ids = (count: number): readonly string[] => Array.from({ length: count }, () => randomUUID());
const atWork = (runIds: readonly string[]): readonly string[] => runIds.filter((runId) => places.isAtWork(runId));
const answer = (runId: string) => places.fixture.answer(commandIdOf(runId, 1));
const waiting = async (cap: string): Promise<number | undefined> =>
  (await capLoads(places.gateway, 10)).find((load) => load.cap === cap)?.waiting;

test('a run that finds no place waits where everybody sees it, and begins when one is free', async () => {
  await places.limit({ perSubmitter: 1 });
  const { hub } = await places.startHub();
  const [first, second] = ids(2) as [string, string];
  await places.submit(ada, [first]);
  await vi.waitFor(() => expect(places.isAtWork(first)).toBe(true), WAIT);
  await places.produce(second, { actor: { type: 'user', id: 'ada' } });
  const third = randomUUID();
  await places.produce(third, { actor: { type: 'user', id: 'ada' } });
  // What a producer says of itself is its word: another submitter.
  await vi.waitFor(async () => {
    expect(atWork([second, third])).toHaveLength(1);
    expect(await getRun(places.gateway, places.isAtWork(second) ? third : second)).toMatchObject({
      status: 'accepted',
      workflow: 'one-task',
      waitingFor: [{ kind: 'place', caps: [{ cap: 'submitter producer:user:ada', underWay: 1, most: 1 }] }],
    });
  }, WAIT);
  const [atIt] = atWork([second, third]);
  await hub.handle(answer(atIt ?? ''));
  await vi.waitFor(() => expect(atWork([second, third])).toHaveLength(2), WAIT);
  expect(await listDeadLetters(places.owner, { limit: 1, status: 'all' })).toEqual([]);
});

test('a run that waits can be cancelled, and none of its tasks is ever sent', async () => {
  await places.limit({ atOnce: 0 });
  await places.startHub();
  const [runId] = ids(1) as [string];
  await places.submit(ada, [runId]);
  await vi.waitFor(async () => expect(await waiting('all runs')).toBe(1), WAIT);
  await places.cancel(ada, runId);
  await vi.waitFor(async () => expect((await getRun(places.gateway, runId))?.status).toBe('cancelled'), WAIT);
  await places.limit(null);
  expect((await places.fixture.events(runId)).map(({ type }) => type)).not.toContain('TaskScheduled');
  expect(await waiting('all runs')).toBeUndefined();
});

test('a hub that ends between letting a run in and its first command leaves it to the next', async () => {
  await places.limit({ perSubmitter: 1 });
  const letIn: string[] = [];
  const never = new Promise<never>(() => {});
  const first = await places.startHub({
    take: ({ requestId }) => {
      letIn.push(requestId);
      return never;
    },
  });
  const [runId] = ids(1) as [string];
  await places.submit(ada, [runId]);
  await vi.waitFor(() => expect(letIn).toEqual([`start ${runId}`]), WAIT);
  expect(await places.fixture.events(runId)).toEqual([]);
  await first.intake.stop(1_000);
  await first.hub.stop();
  await places.startHub();
  await vi.waitFor(() => expect(places.isAtWork(runId)).toBe(true), WAIT);
  expect(await places.mostOpen()).toBe(1);
  places.abandon(first);
});

test('two hubs let in no more than there is room for, and in the end everybody', async () => {
  await places.limit({ perSubmitter: 3, atOnce: 5 });
  const hubs = [await places.startHub(), await places.startHub()];
  const [ofAda, ofBo] = [ids(15), ids(15)];
  await Promise.all([places.submit(ada, ofAda), places.submit(bo, ofBo)]);
  const all = [...ofAda, ...ofBo];
  const done = new Set<string>();
  while (done.size < all.length) {
    const next = await vi.waitFor(() => {
      const found = atWork(all).filter((runId) => !done.has(runId));
      expect(found).not.toEqual([]);
      return found;
    }, WAIT);
    for (const runId of next) {
      await hubs[done.size % 2]?.hub.handle(answer(runId));
      done.add(runId);
    }
  }
  expect(await places.mostOpen()).toBeLessThanOrEqual(5);
  expect(await capLoads(places.gateway, 10)).toEqual([]);
});

test('caps that are lowered while runs go hold from then on; caps that are taken away let all in', async () => {
  await places.limit({ atOnce: 4 });
  const { hub } = await places.startHub();
  const runIds = ids(8);
  await places.submit(ada, runIds);
  await vi.waitFor(() => expect(atWork(runIds)).toHaveLength(4), WAIT);
  await places.limit({ atOnce: 2 });
  const before = atWork(runIds);
  for (const runId of before.slice(0, 3)) await hub.handle(answer(runId));
  // One of the four is left, so that there is room for one.
  await vi.waitFor(() => expect(atWork(runIds)).toHaveLength(5), WAIT);
  await places.limit(null);
  await vi.waitFor(() => expect(atWork(runIds)).toHaveLength(8), WAIT);
});

test('whoever submits very many runs does not stand before whoever submits one', async () => {
  const many = isLong ? 10_000 : 200;
  await places.limit({ perSubmitter: 10 });
  const ofAda = ids(many);
  // All of them are in the queue before anybody looks, and none of them ends.
  await places.submit(ada, ofAda, {}, (n) => (n < 50 ? 0 : 2));
  const { hub } = await places.startHub();
  await vi.waitFor(() => expect(atWork(ofAda)).toHaveLength(10), WAIT);
  const [ofBo] = ids(1) as [string];
  const beganMs = performance.now();
  await places.submit(bo, [ofBo]);
  await vi.waitFor(() => expect(places.isAtWork(ofBo)).toBe(true), { timeout: 120_000, interval: 5 });
  const tookMs = performance.now() - beganMs;
  expect(atWork(ofAda)).toHaveLength(10);
  if (isLong) {
    console.info(`the first step of one run behind ${many} of another: ${Math.round(tookMs)} ms`);
    expect(tookMs).toBeLessThan(1_000);
  }
  // And they go on: each that ends lets the next one in.
  for (const runId of atWork(ofAda)) await hub.handle(answer(runId));
  await vi.waitFor(() => expect(atWork(ofAda)).toHaveLength(20), WAIT);
}, 300_000);
