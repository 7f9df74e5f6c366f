import { describe, expect, test } from 'vitest';
import { byDay, costOf, type Group, successOf } from './usage.js';

const group = (given: Partial<Group>): Group => ({
  ...{ key: 'w', runs: 1, tasks: 2, inputTokens: 1, outputTokens: 2, costUsd: 0.5, knownCostUsd: 0.5, unpriced: 0 },
  outcomes: {
    ...{ succeeded: 3, failed: 1, cancelled: 0, medianMs: 1, p95Ms: 2, decisions: 0, escalations: 0 },
    rounds: [],
  },
  ...given,
});

describe('a cost', () => {
  test('is told where it is known, and at least what is known of it', () => {
    expect(costOf(group({}))).toBe('$0.50');
    expect(costOf(group({ costUsd: null, unpriced: 1 }))).toBe('≥ $0.50');
    expect(costOf(group({ costUsd: null, knownCostUsd: 0, unpriced: 2 }))).toBe('unknown');
  });
});

test('success is a share of what ended', () => {
  expect(successOf(group({}))).toBe(75);
  expect(successOf(group({ outcomes: null }))).toBeNull();
  const none = { ...group({}).outcomes, succeeded: 0, failed: 0 };
  expect(
    successOf(
      group({
        outcomes: {
          ...group({}).outcomes,
          ...none,
          rounds: [],
          medianMs: null,
          p95Ms: null,
          decisions: 0,
          escalations: 0,
          cancelled: 0,
        },
      }),
    ),
  ).toBeNull();
});

test('days on which nothing was are there', () => {
  const total = group({ key: null });
  const groups = [group({ key: '2026-03-01', runs: 7 })];
  const report = { by: 'day' as const, since: null, until: null, timeZone: 'UTC', groups, total, leftOff: 0 };
  const range = { since: '2026-02-28', until: '2026-03-01', zone: 'utc' as const };
  expect(byDay(report, range)).toEqual({
    ...{ labels: ['2026-02-28', '2026-03-01'], runs: [0, 7], cost: [0, 0.5], failed: [0, 1] },
  });
  expect(byDay(undefined, range).runs).toEqual([0, 0]);
  const { labels } = byDay(report, { ...range, since: '2020-01-01' });
  expect([labels.length, labels.at(-1)]).toEqual([400, '2026-03-01']);
});
