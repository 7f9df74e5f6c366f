import { expect, test } from 'vitest';
import { instantsOf, lastDays, rangeOf } from './range.js';

const NOW = Date.parse('2026-03-10T12:00:00Z');

test('the last thirty days are meant where the address says nothing, or nothing that is a day', () => {
  expect(rangeOf({}, NOW, 'utc')).toEqual({ since: '2026-02-09', until: '2026-03-10', zone: 'utc' });
  expect(rangeOf({ since: 'yesterday', until: '2026-99-99' }, NOW, 'utc')).toEqual(rangeOf({}, NOW, 'utc'));
});

test('a range that was given the wrong way round is turned', () => {
  expect(rangeOf({ since: '2026-03-05', until: '2026-03-01' }, NOW, 'local')).toEqual({
    ...{ since: '2026-03-01', until: '2026-03-05', zone: 'local' },
  });
});

test('one day is today alone', () => {
  expect(lastDays(1, NOW, 'utc')).toEqual({ since: '2026-03-10', until: '2026-03-10' });
});

test('both days belong to the range, from the beginning of one to the end of the other, where the reader is', () => {
  const days = { since: '2026-03-01', until: '2026-03-02' };
  expect(instantsOf({ ...days, zone: 'utc' })).toEqual({
    ...{ since: '2026-03-01T00:00:00.000Z', until: '2026-03-03T00:00:00.000Z' },
  });
  expect(instantsOf({ ...days, zone: 'local' })).toEqual({
    since: new Date(2026, 2, 1).toISOString(),
    until: new Date(2026, 2, 3).toISOString(),
  });
});
