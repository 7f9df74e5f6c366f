import { expect, test } from 'vitest';
import { growthOptions } from './main.js';

test('a growth that is asked for without more is the whole of it', () => {
  const options = growthOptions(['--growth']);
  expect(options).toMatchObject({ backend: 'redis', ended: [10, 10_000, 1_000_000], orchestrators: [1, 2, 4] });
});

test.each([
  [['--ended', '10,10'], /--ended 10,10: give numbers that rise/],
  [['--orchestrators', '2,one'], /--orchestrators one is no whole number/],
  [['--only', 'ended,everything'], /--only everything is unknown/],
  [['--backend', 'kafka'], /--backend kafka is unknown/],
])('%s is refused with a sentence', (args, sentence) => {
  expect(() => growthOptions(args)).toThrow(sentence);
});
