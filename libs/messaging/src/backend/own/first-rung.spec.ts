import { RUNGS } from '@baton/contracts';
import { expect, test } from 'vitest';
import { firstRungOf } from './first-rung.js';

test('of two dozen looks in a row each higher rung is first once, and the front all other times', () => {
  for (const from of [0, 5, 1_000_000]) {
    const rungs = Array.from({ length: 24 }, (_, n) => firstRungOf(from + n));
    expect(rungs.filter((rung) => rung > 0).toSorted()).toEqual(Array.from({ length: RUNGS - 1 }, (_, n) => n + 1));
  }
});
