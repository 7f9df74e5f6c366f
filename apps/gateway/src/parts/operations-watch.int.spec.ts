import { setTimeout as sleep } from 'node:timers/promises';
import { catalogMigrations } from '@baton/catalog';
import type { OperationsPart, QueueView } from '@baton/contracts';
import { createPool, eventStoreMigrations } from '@baton/event-store';
import { createTestDatabase, type TestDatabase } from '@baton/event-store/testing';
import { notificationsMigrations } from '@baton/notifications';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { OperationsWatch } from './operations-watch.js';

let database: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'), [
    eventStoreMigrations,
    catalogMigrations,
    notificationsMigrations,
  ]);
  pool = createPool(database.url, { role: 'gateway', applicationName: 'operations-watch', max: 2 });
});
afterAll(async () => {
  await pool?.end();
  await database?.drop();
});

const EVERY_MS = 20;
const idle = { active: 0, delayed: 0, completed: 0, failed: 0, doneLastMinute: 0 };
const queue = (waiting: number, oldestMs: number | null): QueueView => ({ name: 'intake', waiting, oldestMs, ...idle });

/** A watch on these queues, and how often it looked. */
function watchOn(queues: () => QueueView) {
  const seen = { looks: 0 };
  const queueCounts = async () => {
    seen.looks += 1;
    return [queues()];
  };
  return { seen, watch: new OperationsWatch({ pool, queueCounts, log: { debug: () => {} } }, EVERY_MS) };
}
const listener = () => {
  const told: OperationsPart[] = [];
  return { told, tell: (changed: readonly OperationsPart[]) => void told.push(...changed) };
};

test('it looks once for all who listen, and not at all when nobody does', async () => {
  let waiting = 0;
  const { seen, watch } = watchOn(() => queue(waiting, null));
  await sleep(5 * EVERY_MS);
  expect(seen.looks).toBe(0);
  const [one, other] = [listener(), listener()];
  const [unlistenOne, unlistenOther] = [watch.listen(one.tell), watch.listen(other.tell)];
  await expect.poll(() => seen.looks).toBeGreaterThan(1);
  waiting = 1;
  await expect.poll(() => [one.told, other.told]).toEqual([['queues'], ['queues']]);
  unlistenOne();
  waiting = 2;
  await expect.poll(() => other.told).toEqual(['queues', 'queues']);
  expect(one.told).toEqual(['queues']);
  unlistenOther();
  await sleep(5 * EVERY_MS);
  const { looks } = seen;
  await sleep(5 * EVERY_MS);
  expect(seen.looks).toBe(looks);
  const late = listener();
  watch.listen(late.tell);
  await expect.poll(() => seen.looks).toBeGreaterThan(looks + 1);
  expect(late.told).toEqual([]);
  await watch.stop();
});

test('that a message waits ever longer is no change; that the queues are away is one, and that they are back', async () => {
  let oldestMs = 0;
  let isAway = false;
  const { seen, watch } = watchOn(() => {
    if (isAway) throw new Error('away');
    oldestMs += 1_000;
    return queue(1, oldestMs);
  });
  const { told, tell } = listener();
  watch.listen(tell);
  await expect.poll(() => seen.looks).toBeGreaterThan(3);
  expect(told).toEqual([]);
  isAway = true;
  await expect.poll(() => told).toEqual(['queues']);
  isAway = false;
  await expect.poll(() => told).toEqual(['queues', 'queues']);
  await watch.stop();
});
