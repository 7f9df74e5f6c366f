import { expect, test } from 'vitest';
import { AS_IT_WAS, policyOf, together } from './policy.js';

test('a policy names what was moved and nothing else', () => {
  expect(policyOf(AS_IT_WAS)).toEqual({});
  expect(
    policyOf({ ...AS_IT_WAS, thresholds: { alignment: 9.5, compatibility: null }, maxRounds: 2, drop: 0.5 }),
  ).toEqual({ thresholds: { alignment: 9.5 }, maxRounds: 2, limits: { drop: 0.5 } });
});

test('pages of a report are one report, and the last says where it goes on', () => {
  const page = { runs: 2, decisions: 3, counts: { same: 3 }, differing: [], next: 'more' };
  const last = { runs: 1, decisions: 2, counts: { same: 1, 'would-ask': 1 }, differing: [], next: null };
  expect(together(together(null, page), last)).toEqual({
    runs: 3,
    decisions: 5,
    counts: { same: 4, 'would-ask': 1 },
    differing: [],
    next: null,
  });
});
