import { describe, expect, test } from 'vitest';
import { dayAt, daysBetween, nameOfZone, startOfDay } from './days.js';

describe('a day', () => {
  test('begins where the reader is, or in UTC', () => {
    expect(startOfDay('2026-11-28', 'local')).toEqual(new Date(2026, 10, 28));
    expect(startOfDay('2026-11-28', 'utc')).toEqual(new Date('2026-11-28T00:00:00Z'));
    expect(startOfDay('2026-12-31', 'local', 1)).toEqual(new Date(2027, 0, 1));
    expect(startOfDay('2026-12-31', 'utc', 1)).toEqual(new Date('2027-01-01T00:00:00Z'));
  });

  test('is written as it is typed', () => {
    expect(dayAt(new Date(2026, 2, 1).getTime(), 'local')).toBe('2026-03-01');
    expect(dayAt(Date.parse('2026-03-01T23:59:59Z'), 'utc')).toBe('2026-03-01');
  });

  test.each(['', 'yesterday', '2026-02-31', '2026-13-01', '2026-1-1'])('is none where it is %j', (text) => {
    expect([startOfDay(text, 'local'), startOfDay(text, 'utc')]).toEqual([null, null]);
  });
});

test('days on which nothing was are there, up to a bound', () => {
  expect(daysBetween('2026-02-27', '2026-03-01', 400)).toEqual(['2026-02-27', '2026-02-28', '2026-03-01']);
  expect(daysBetween('2026-02-27', '2026-03-01', 2)).toEqual(['2026-02-27', '2026-02-28']);
  expect(daysBetween('2026-03-01', '2026-02-27', 9)).toEqual([]);
});

test('UTC is called so, and every other place by its name', () => {
  expect(nameOfZone('utc')).toBe('UTC');
  expect(nameOfZone('local')).not.toBe('');
});
