import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, inject, test } from 'vitest';
import { MUTANTS } from './mutants/index.js';
import { shrink } from './shrink.js';
import { simulate } from './simulate.js';

const SEEDS = inject('effort') === 'long' ? 5_000 : 500;
/** Nothing here waits: it is for a machine that is busy. */
const PATIENTLY = 1_200_000;

/** The first seed under which something goes wrong, made as small as it gets; null where all is well. */
async function firstFailure(seeds: number): Promise<string | null> {
  for (let seed = 1; seed <= seeds; seed += 1) {
    const { problem } = await simulate({ seed });
    if (problem !== null) return JSON.stringify((await shrink(seed)) ?? { seed, problem }, null, 1);
  }
  return null;
}

describe('a whole Baton under a seeded scheduler', () => {
  test(
    'ends every run, settles every command once, and keeps its books, whatever the world does to it',
    async () => {
      expect(await firstFailure(SEEDS)).toBeNull();
    },
    PATIENTLY,
  );

  test('does the same again under the same seed, to the last id and time, and something else under another', async () => {
    const [once, again, other] = [
      await simulate({ seed: 8 }),
      await simulate({ seed: 8 }),
      await simulate({ seed: 9 }),
    ];
    expect(once.log.length).toBeGreaterThan(10);
    expect(again).toEqual(once);
    expect(other.log).not.toEqual(once.log);
  });

  test('leaves the clocks and timers of its process as they were', async () => {
    const clocks = () => [setTimeout, clearInterval, Date.now, Math.random, performance.now];
    const before = clocks();
    await simulate({ seed: 1 });
    expect(clocks()).toEqual(before);
  });

  test('holds nothing of a schedule that is over: a hundred thousand are run in one process', async () => {
    setFlagsFromString('--expose-gc');
    const collect: () => void = runInNewContext('gc');
    const logs: WeakRef<object>[] = [];
    for (let seed = 1; seed <= 5; seed += 1) logs.push(new WeakRef((await simulate({ seed })).log));
    await setImmediate();
    collect();
    expect(logs.filter((log) => log.deref() !== undefined)).toHaveLength(0);
  });

  test(
    'makes a schedule that fails so small that nothing of it can be left out',
    async () => {
      const mutant = MUTANTS.find(({ name }) => name === 'checks-no-lease');
      if (mutant === undefined) throw new Error('there is no such mutant');
      const shrunk = await shrink(await seedThatFails(mutant), mutant);
      if (shrunk === null) throw new Error('it fails no more');
      expect(shrunk.only).toContainEqual(expect.stringMatching(/^freeze /));
      const { seed, only, isEven } = shrunk;
      for (const left of only) {
        const rest = new Set(only.filter((each) => each !== left));
        expect((await simulate({ seed, only: rest, isEven }, mutant)).problem).toBeNull();
      }
      expect((await simulate({ seed, only: new Set(only), isEven }, mutant)).problem).toBe(shrunk.problem);
    },
    PATIENTLY,
  );
});

async function seedThatFails(mutant: (typeof MUTANTS)[number]): Promise<number> {
  for (let seed = mutant.foundAt; seed < mutant.foundAt + 300; seed += 1)
    if ((await simulate({ seed }, mutant)).problem !== null) return seed;
  throw new Error(`${mutant.name} is not found`);
}
