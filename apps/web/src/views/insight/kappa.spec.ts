import { expect, test } from 'vitest';
import { isSmall, kappaInWords } from './kappa.js';

test.each([
  [null, 'cannot be told'],
  [-0.1, 'worse than chance'],
  [0, 'hardly better than chance'],
  [0.25, 'a little better than chance'],
  [0.6, 'mostly agrees'],
  [1, 'agrees'],
])('κ of %s reads: %s', (kappa, words) => {
  expect(kappaInWords(kappa)).toBe(words);
});

test('fewer than thirty are a small sample', () => {
  expect([29, 30].map(isSmall)).toEqual([true, false]);
});
