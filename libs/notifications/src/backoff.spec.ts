import { expect, test } from 'vitest';
import { MOST_ATTEMPTS, waitAfter } from './backoff.js';

test('the waits are those of the Standard Webhooks text, and the tenth attempt is the last', () => {
  const waits = Array.from({ length: MOST_ATTEMPTS }, (_, index) => waitAfter(index + 1, 0));
  expect(waits.map((wait) => wait && wait / 1_000)).toEqual([
    5,
    300,
    1_800,
    7_200,
    18_000,
    36_000,
    50_400,
    72_000,
    86_400,
    null,
  ]);
});

test('jitter makes a wait longer by a fifth at most, and never shorter', () => {
  expect(waitAfter(2, 0.5)).toBe(330_000);
  expect(waitAfter(2, 1)).toBe(360_000);
});
