import { RUNGS } from '@baton/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rungFor, WITHIN_SHARE } from './rung-for.js';

const out = fc.integer({ min: 0, max: 10_000_000 });

test('whoever has no more than some dozens out stands in front', () => {
  fc.assert(
    fc.property(out, (n) => {
      expect(rungFor(n) === 0).toBe(n < WITHIN_SHARE);
    }),
  );
});

test('whoever has more out never stands before whoever has less, and there are as many rungs as queues know', () => {
  fc.assert(
    fc.property(out, out, (one, other) => {
      expect(rungFor(Math.max(one, other))).toBeGreaterThanOrEqual(rungFor(Math.min(one, other)));
      expect(rungFor(one)).toBeLessThan(RUNGS);
    }),
  );
});

test('each rung is for eight times as much as the one before', () => {
  expect([31, 32, 255, 256, 2_047, 2_048, 1_000_000].map(rungFor)).toEqual([0, 1, 1, 2, 2, 3, 3]);
});
