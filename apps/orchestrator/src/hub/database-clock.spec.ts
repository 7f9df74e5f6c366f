import { createLogger } from '@baton/service-kit';
import { describe, expect, test } from 'vitest';
import { DatabaseClock } from './database-clock.js';

const HOUR_MS = 3_600_000;
const log = createLogger({ name: 'test', level: 'silent' });

/** A database and a machine, each with a clock of its own, an answer away from each other. */
async function given(skewMs: number, answerMs = 0) {
  const world = { trueMs: 1_700_000_000_000, elapsedMs: 0, skewMs, reads: 0, isAway: false };
  const pass = (ms: number): void => {
    world.trueMs += ms;
    world.elapsedMs += ms;
  };
  const readDatabaseMs = async (): Promise<number> => {
    if (world.isAway) throw new Error('away');
    world.reads += 1;
    pass(answerMs / 2);
    const { trueMs } = world;
    pass(answerMs / 2);
    return trueMs;
  };
  const nowMs = () => world.trueMs + world.skewMs;
  const clock = await DatabaseClock.start({ readDatabaseMs, nowMs, monotonicMs: () => world.elapsedMs, log });
  return { clock, world, pass };
}

describe('the clock of the database', () => {
  test.each([0, 3 * HOUR_MS, -3 * HOUR_MS])('is known on a machine whose own is %d ms off', async (skewMs) => {
    const { clock, world, pass } = await given(skewMs, 40);
    expect(clock.nowMs()).toBe(world.trueMs);
    pass(1_234);
    expect(clock.nowMs()).toBe(world.trueMs);
  });

  test.each([3 * HOUR_MS, -3 * HOUR_MS])(
    'is asked again at once when that of the machine is set by %d ms',
    async (byMs) => {
      const { clock, world } = await given(0);
      world.skewMs += byMs;
      await clock.settle();
      expect(clock.nowMs()).toBe(world.trueMs);
    },
  );

  test.each([3 * HOUR_MS, -3 * HOUR_MS])(
    'goes on as it did where that of the machine is set by %d ms between the look and the use',
    async (byMs) => {
      const { clock, world, pass } = await given(0);
      await clock.settle();
      world.skewMs += byMs;
      pass(10);
      expect(clock.nowMs()).toBe(world.trueMs);
    },
  );

  test('is asked again after a sleep, in which the machine counts no time', async () => {
    const { clock, world } = await given(1_000);
    world.trueMs += 2 * HOUR_MS;
    await clock.settle();
    expect(world.reads).toBe(2);
    expect(clock.nowMs()).toBe(world.trueMs);
  });

  test('is asked now and then otherwise, by one question at a time, and nobody waits for the answer', async () => {
    const { clock, world, pass } = await given(0);
    await clock.settle();
    pass(6_000);
    world.skewMs += 6;
    await Promise.all([clock.settle(), clock.settle()]);
    await new Promise(setImmediate);
    expect(world.reads).toBe(2);
    expect(clock.nowMs()).toBe(world.trueMs);
  });

  test('that was set and cannot be asked is no time to decide by', async () => {
    const { clock, world, pass } = await given(0);
    world.isAway = true;
    pass(6_000);
    await clock.settle();
    world.skewMs += HOUR_MS;
    await expect(clock.settle()).rejects.toThrow('away');
    world.isAway = false;
    await clock.settle();
    expect(clock.nowMs()).toBe(world.trueMs);
  });
});
