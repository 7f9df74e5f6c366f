import { expect, test } from 'vitest';
import { lessThanAny } from './small-budget.js';

const ran = (costUsd: number | null, tokens: number) => ({ usage: { inputTokens: tokens, outputTokens: 0, costUsd } });

test('a limit below what any run has cost lately is told, with what they cost', () => {
  const runs = [ran(0.31, 40_000), ran(1.2, 90_000), ran(0, 0), ran(null, 60_000)];
  expect(lessThanAny('seven-step', runs, { usd: 0.2 })).toBe(
    'The limit of $0.20 is less than any run of seven-step has cost lately: the last 2 that succeeded took $0.31 to $1.20.',
  );
  expect(lessThanAny('seven-step', runs, { tokens: 10_000 })).toContain(
    'the last 3 that succeeded took 40,000 tokens to 90,000 tokens',
  );
  expect(lessThanAny('seven-step', [ran(0.31, 1)], { usd: 0.2 })).toContain('the last one that succeeded took $0.31.');
});

test('nothing is told of a limit that was enough for one, nor where nobody can know', () => {
  expect(lessThanAny('w', [ran(0.31, 10), ran(2, 10)], { usd: 0.31 })).toBeNull();
  expect(lessThanAny('w', [ran(null, 0), ran(0, 0)], { usd: 0.01, tokens: 5_000 })).toBeNull();
  expect(lessThanAny('w', [], { usd: 0.01 })).toBeNull();
});
