import { describe, expect, test } from 'vitest';
import { simulate } from './simulate.js';
import type { Mutation } from './world.js';

const SEEDS = 300;

const failures = async (mutation: Mutation, seeds: number): Promise<readonly string[]> => {
  const found: string[] = [];
  for (let seed = 1; seed <= seeds; seed += 1) {
    const { ok, problem } = await simulate(seed, mutation);
    if (!ok) found.push(`seed ${seed}: ${problem}`);
  }
  return found;
};

describe('the protocol under a seeded scheduler', () => {
  test('ends every run, settles every command once, in order, and executes nothing that was not committed', async () => {
    expect(await failures({}, SEEDS)).toEqual([]);
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
      expect(await failures(mutation, 30)).not.toEqual([]);
    },
    120_000,
  );
});
