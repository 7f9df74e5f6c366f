import { expect, test } from 'vitest';
import { wilsonInterval } from './wilson.js';

test.each([
  // Worked out by hand from the formula: (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n).
  [5, 10, 0.2366, 0.7634],
  [0, 10, 0, 0.2775],
  [10, 10, 0.7225, 1],
  [1, 1, 0.2065, 1],
  [81, 263, 0.2553, 0.3662],
])('%i of %i lies between %f and %f', (successes, n, low, high) => {
  const interval = wilsonInterval(successes, n);
  expect(interval?.low).toBeCloseTo(low, 4);
  expect(interval?.high).toBeCloseTo(high, 4);
});

test('of no trial nothing is known', () => {
  expect(wilsonInterval(0, 0)).toBeNull();
});
