import { expect, inject, test } from 'vitest';
import { simulate } from '../simulate.js';
import { MUTANTS } from './index.js';

/** So many seeds may pass until a bug is found, from the one on that found it when it was made. */
const WITHIN = inject('effort') === 'long' ? 1_000 : 300;
/** Nothing here waits: it is for a machine that is busy. */
const PATIENTLY = 1_200_000;

test.each(MUTANTS)(
  'the simulation finds that $bug',
  async (mutant) => {
    let problem: string | null = null;
    for (let seed = mutant.foundAt; problem === null && seed < mutant.foundAt + WITHIN; seed += 1)
      problem = (await simulate({ seed }, mutant)).problem;
    expect(problem).toEqual(expect.any(String));
  },
  PATIENTLY,
);
