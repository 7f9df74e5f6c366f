import { describe, expect, test } from 'vitest';
import { findCatcher, findRetrier, matchesError, retryDelayMs } from './retry.js';

describe('error names', () => {
  test.each([
    ['Exact', ['Exact'], true],
    ['Other', ['Exact'], false],
    ['Anything', ['States.ALL'], true],
    ['States.Timeout', ['States.ALL'], true],
    ['Anything', ['States.TaskFailed'], true],
    ['States.Timeout', ['States.TaskFailed'], false],
    ['States.HeartbeatTimeout', ['States.TaskFailed'], false],
    ['States.HeartbeatTimeout', ['States.Timeout'], true],
    ['States.Timeout', ['States.HeartbeatTimeout'], false],
    ['States.Runtime', ['States.ALL'], false],
    ['States.Runtime', ['States.TaskFailed'], false],
    ['States.DataLimitExceeded', ['States.ALL'], false],
    ['States.DataLimitExceeded', ['States.DataLimitExceeded'], true],
    ['States.QueryEvaluationError', ['States.ALL'], true],
  ])('%s against %j: %s', (error, names, expected) => {
    expect(matchesError(names, error)).toBe(expected);
  });
});

describe('retriers', () => {
  const retriers = [{ ErrorEquals: ['A'], MaxAttempts: 2 }, { ErrorEquals: ['States.ALL'] }];

  test('each counts for itself, and a used-up one does not pass on to the next', () => {
    expect(findRetrier(retriers, 'A', [])).toMatchObject({ index: 0, retryNumber: 1 });
    expect(findRetrier(retriers, 'A', [1])).toMatchObject({ index: 0, retryNumber: 2 });
    expect(findRetrier(retriers, 'A', [2])).toBeNull();
    expect(findRetrier(retriers, 'B', [2])).toMatchObject({ index: 1, retryNumber: 1 });
  });

  test('three attempts are the default, and none can be wanted', () => {
    expect(findRetrier(retriers, 'B', [0, 2])).toMatchObject({ retryNumber: 3 });
    expect(findRetrier(retriers, 'B', [0, 3])).toBeNull();
    expect(findRetrier([{ ErrorEquals: ['A'], MaxAttempts: 0 }], 'A', [])).toBeNull();
    expect(findRetrier(undefined, 'A', [])).toBeNull();
  });

  test('the wait doubles from one second where nothing else is said', () => {
    const waits = [1, 2, 3].map((n) => retryDelayMs({ ErrorEquals: ['A'] }, n, 0.5));
    expect(waits).toEqual([1000, 2000, 4000]);
  });

  test('the wait grows by its rate up to its maximum', () => {
    const retrier = { ErrorEquals: ['A'], IntervalSeconds: 3, BackoffRate: 1.5, MaxDelaySeconds: 6 };
    expect([1, 2, 3, 4].map((n) => retryDelayMs(retrier, n, 0))).toEqual([3000, 4500, 6000, 6000]);
  });

  test('full jitter takes a random part of the wait', () => {
    const retrier = { ErrorEquals: ['A'], IntervalSeconds: 10, JitterStrategy: 'FULL' as const };
    expect([0, 0.25, 0.9999].map((random) => retryDelayMs(retrier, 1, random))).toEqual([0, 2500, 9999]);
  });

  test('no number of attempts makes the wait overflow', () => {
    expect(retryDelayMs({ ErrorEquals: ['A'], BackoffRate: 1000 }, 99_999_999, 0)).toBe(31_622_400_000);
  });
});

test('the first catcher that matches catches', () => {
  const catchers = [
    { ErrorEquals: ['A', 'B'], Next: 'First' },
    { ErrorEquals: ['States.ALL'], Next: 'Rest' },
  ];
  expect(findCatcher(catchers, 'B')?.catcher.Next).toBe('First');
  expect(findCatcher(catchers, 'C')?.index).toBe(1);
  expect(findCatcher(catchers, 'States.Runtime')).toBeNull();
  expect(findCatcher(catchers, 'States.DataLimitExceeded')?.index).toBe(1);
});
