import { describe, expect, test } from 'vitest';
import { BOOT_DEATHS, backoffMs, HEALTHY_MS, type History, judge, NO_HISTORY } from './backoff.js';

test('the pause doubles from 0.2 s and never exceeds 5 s', () => {
  expect([0, 1, 2, 3, 4, 5, 6, 1000].map(backoffMs)).toEqual([200, 400, 800, 1600, 3200, 5000, 5000, 5000]);
});

/** The verdict after a row of lives. */
function after(...lives: readonly Parameters<typeof judge>[1][]) {
  let history: History = NO_HISTORY;
  for (const [index, life] of lives.entries()) {
    const verdict = judge(history, life);
    if (index === lives.length - 1 || verdict.action === 'give-up') return verdict;
    history = verdict.history;
  }
  throw new Error('no lives');
}
const stillborn = { readyMs: null, wasExcused: false };
const excused = { readyMs: null, wasExcused: true };
const short = { readyMs: 10, wasExcused: false };
const long = { readyMs: HEALTHY_MS, wasExcused: false };
const times = <T>(count: number, life: T): readonly T[] => Array.from({ length: count }, () => life);

describe('a service', () => {
  test('that never becomes ready is given up after its fifth death in a row', () => {
    expect(after(...times(BOOT_DEATHS - 1, stillborn))).toMatchObject({ action: 'restart', afterMs: 1600 });
    expect(after(...times(BOOT_DEATHS, stillborn))).toEqual({ action: 'give-up' });
  });
  test('that became ready in between is not given up', () => {
    expect(after(...times(4, stillborn), short, ...times(4, stillborn))).toMatchObject({ action: 'restart' });
  });
  test('that dies while what it needs is away is not blamed for it', () => {
    expect(after(...times(20, excused))).toMatchObject({ action: 'restart', afterMs: 5000 });
    expect(after(...times(4, stillborn), excused)).toMatchObject({ action: 'restart' });
    expect(after(...times(4, stillborn), excused, stillborn)).toEqual({ action: 'give-up' });
  });
  test('that was well for half a minute starts over with the shortest pause', () => {
    expect(after(...times(6, short))).toMatchObject({ afterMs: 5000 });
    expect(after(...times(6, short), long)).toMatchObject({ afterMs: 200 });
  });
});
