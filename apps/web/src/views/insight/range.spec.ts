import { expect, test } from 'vitest';
import { isWithin, lastDays, rangeOf } from './range.js';

const NOW = Date.parse('2026-03-10T12:00:00Z');

test('the last thirty days are meant where the address says nothing, or nothing that is a day', () => {
  expect(rangeOf({}, NOW)).toEqual({ since: '2026-02-09', until: '2026-03-10' });
  expect(rangeOf({ since: 'yesterday', until: '2026-99-99' }, NOW)).toEqual(rangeOf({}, NOW));
});

test('a range that was given the wrong way round is turned', () => {
  expect(rangeOf({ since: '2026-03-05', until: '2026-03-01' }, NOW)).toEqual({
    since: '2026-03-01',
    until: '2026-03-05',
  });
});

test('one day is today alone', () => {
  expect(lastDays(1, NOW)).toEqual({ since: '2026-03-10', until: '2026-03-10' });
});

test('both days belong to the range', () => {
  const range = { since: '2026-03-01', until: '2026-03-02' };
  expect(
    ['2026-02-28T23:59:59Z', '2026-03-01T00:00:00Z', '2026-03-02T23:59:59Z', '2026-03-03T00:00:00Z'].map((at) =>
      isWithin(at, range),
    ),
  ).toEqual([false, true, true, false]);
});
