import { expect, test } from 'vitest';
import { medianOf, recentByVersion, recentOf } from './recent-runs.js';

const run = (
  status: 'succeeded' | 'failed' | 'cancelled' | 'running',
  seconds: number,
  costUsd: number | null = 0,
) => ({
  status,
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: status === 'running' ? null : new Date(Date.UTC(2026, 0, 1, 0, 0, seconds)).toISOString(),
  usage: { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd },
});

test('runs that were cancelled or are underway do not count for success', () => {
  const recent = recentOf([
    run('succeeded', 1),
    run('succeeded', 3),
    run('failed', 9),
    run('cancelled', 9),
    run('running', 0),
  ]);
  expect(recent).toMatchObject({ ended: 4, underway: 1, successShare: 2 / 3, medianMs: 2_000 });
});

test('a run without a price is counted, and not as free', () => {
  expect(recentOf([run('succeeded', 1, null), run('succeeded', 1, 0.5)])).toMatchObject({
    medianUsd: 0.5,
    unpriced: 1,
  });
});

test('of no runs nothing is said', () => {
  expect(recentOf([])).toMatchObject({ successShare: null, medianMs: null, medianUsd: null });
});

test('each version has figures of its own', () => {
  const of = (workflowVersion: string, ...those: readonly ReturnType<typeof run>[]) =>
    those.map((each) => ({ ...each, workflowVersion }));
  const found = recentByVersion([
    ...of('1.1.0', run('succeeded', 2, 0.1)),
    ...of('1.0.0', run('failed', 1), run('succeeded', 8, 0.4)),
  ]);
  expect([...found.keys()]).toEqual(['1.1.0', '1.0.0']);
  expect(found.get('1.0.0')).toMatchObject({ ended: 2, successShare: 0.5, medianMs: 8_000, medianUsd: 0.4 });
  expect(found.get('1.1.0')).toMatchObject({ ended: 1, successShare: 1 });
});

test('the median of an even number is the mean of the two in the middle', () => {
  expect(medianOf([4, 1, 3, 2])).toBe(2.5);
});
