import { describe, expect, inject, test } from 'vitest';
import { simulate } from './simulate.js';
import type { Mutation } from './world.js';

const SEEDS = inject('effort') === 'long' ? 300 : 60;

/** The first seed under which the protocol fails, and how; null where it holds under all of them. */
const firstFailure = async (mutation: Mutation, seeds: number): Promise<string | null> => {
  for (let seed = 1; seed <= seeds; seed += 1) {
    const { ok, problem } = await simulate(seed, mutation);
    if (!ok) return `seed ${seed}: ${problem}`;
  }
  return null;
};

describe('the protocol under a seeded scheduler', () => {
  test('ends every run, settles every command once, in order, and executes nothing that was not committed', async () => {
    expect(await firstFailure({}, SEEDS)).toBeNull();
  }, 120_000);

  const mutations: readonly { readonly name: string; readonly mutation: Mutation }[] = [
    { name: 'without tokens a duplicate counts twice', mutation: { ignoresTokens: true } },
    { name: 'without the sweep a partial loss strands a run', mutation: { hasNoSweep: true } },
    {
      name: 'with a marker that is ready too early a rebuild is cut short',
      mutation: { marksReadyFirst: true, hasNoSweep: true },
    },
    { name: 'with dispatch before the commit a worker executes what never was', mutation: { dispatchesFirst: true } },
  ];
  test.each(mutations)(
    '$name, and the simulation finds it',
    async ({ mutation }) => {
      expect(await firstFailure(mutation, 30)).not.toBeNull();
    },
    120_000,
  );
});
