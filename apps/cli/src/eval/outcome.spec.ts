import { expect, test } from 'vitest';
import { type Outcome, scoresOf } from './outcome.js';
import { hasRoom, spentBy } from './spending.js';

const outcome = (changes: Partial<Outcome> = {}): Outcome => ({
  ...{ key: 'k', task: 'a', model: 'm1', variant: 'usual', repetition: 1, runId: 'r', status: 'succeeded' },
  ...{ success: true, failures: [], models: ['m1'], rounds: 2, durationMs: 1_000 },
  usage: { inputTokens: 90, outputTokens: 10, costUsd: 0.5 },
  ...changes,
});

test('scores are by model and variant: share, interval, and means of a run', () => {
  const scores = scoresOf([
    outcome(),
    outcome({ task: 'b', success: false, rounds: 4, durationMs: 3_000 }),
    outcome({ variant: 'brief', usage: { inputTokens: 1, outputTokens: 1, costUsd: null } }),
  ]);
  expect(scores).toMatchObject([
    {
      ...{ model: 'm1', variant: 'usual', n: 2, successes: 1, rate: 0.5 },
      ...{ costUsd: 0.5, tokens: 100, rounds: 3, durationMs: 2_000 },
      tasks: { a: { n: 1, successes: 1 }, b: { n: 1, successes: 0 } },
    },
    { variant: 'brief', n: 1, rate: 1, high: 1, costUsd: null },
  ]);
  expect(scores[0]?.low).toBeCloseTo(0.0945, 4);
  expect(scoresOf([])).toEqual([]);
});

test('a price that is not known counts as all that the run might spend', () => {
  const free = outcome({ usage: { inputTokens: 1, outputTokens: 0, costUsd: null } });
  expect(spentBy([outcome(), free], () => ({ usd: 2 }))).toEqual({ usd: 2.5, tokens: 101 });
});

test('a run has room beside what is spent and what open ones may spend', () => {
  const spent = { usd: 1, tokens: 100 };
  expect(hasRoom({ usd: 3 }, spent, [{ usd: 1 }], { usd: 1 })).toBe(true);
  expect(hasRoom({ usd: 2.9 }, spent, [{ usd: 1 }], { usd: 1 })).toBe(false);
  expect(hasRoom({ tokens: 150 }, spent, [], { usd: 9, tokens: 51 })).toBe(false);
  expect(hasRoom({}, spent, [], {})).toBe(true);
});
