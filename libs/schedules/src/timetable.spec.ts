import type { ScheduleTiming } from '@baton/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { upcoming } from './due-now.js';
import { isProblem, type Timetable, timetable } from './timetable.js';
import { readingAt } from './wall-clock.js';

const MADE = Date.parse('2026-01-01T00:00:00Z');
const of = (timing: ScheduleTiming, endsAtMs: number | null = null): Timetable => {
  const made = timetable(timing, { madeAtMs: MADE, endsAtMs });
  if (isProblem(made)) throw new Error(`${made.member} ${made.detail}`);
  return made;
};
const cron = (expression: string, timeZone = 'UTC'): ScheduleTiming => ({ type: 'cron', expression, timeZone });
const dues = (timing: ScheduleTiming, after: string, count: number): readonly string[] =>
  upcoming(of(timing), Date.parse(after), count).map((ms) => new Date(ms).toISOString());
const problem = (timing: ScheduleTiming) => {
  const made = timetable(timing, { madeAtMs: MADE, endsAtMs: null });
  return isProblem(made) ? `${made.member} ${made.detail}` : null;
};

describe('the hour that a clock leaves out', () => {
  // Berlin, 29 March 2026: 02:00 becomes 03:00.
  test('comes once, at the first moment after it', () => {
    expect(dues(cron('30 2 * * *', 'Europe/Berlin'), '2026-03-28T00:00:00Z', 3)).toEqual([
      '2026-03-28T01:30:00.000Z',
      '2026-03-29T01:00:00.000Z',
      '2026-03-30T00:30:00.000Z',
    ]);
  });

  test('comes once where several times of it are named, and the time behind it, too', () => {
    expect(dues(cron('0,30 2,3 * * *', 'Europe/Berlin'), '2026-03-29T00:00:00Z', 2)).toEqual([
      '2026-03-29T01:00:00.000Z',
      '2026-03-29T01:30:00.000Z',
    ]);
  });

  test('is left out by what comes every hour', () => {
    expect(dues(cron('30 * * * *', 'Europe/Berlin'), '2026-03-29T00:00:00Z', 2)).toEqual([
      '2026-03-29T00:30:00.000Z',
      '2026-03-29T01:30:00.000Z',
    ]);
  });

  test('may be midnight, or half an hour, or a whole day', () => {
    // Beirut, 29 March 2026: 00:00 becomes 01:00.
    expect(dues(cron('0 0 * * *', 'Asia/Beirut'), '2026-03-28T12:00:00Z', 2)).toEqual([
      '2026-03-28T22:00:00.000Z',
      '2026-03-29T21:00:00.000Z',
    ]);
    // Lord Howe, 4 October 2026: 02:00 becomes 02:30.
    expect(dues(cron('15 2 * * *', 'Australia/Lord_Howe'), '2026-10-03T00:00:00Z', 1)).toEqual([
      '2026-10-03T15:30:00.000Z',
    ]);
    // Apia had no 30 December 2011.
    expect(dues(cron('0 12 * * *', 'Pacific/Apia'), '2011-12-29T20:00:00Z', 3)).toEqual([
      '2011-12-29T22:00:00.000Z',
      '2011-12-30T10:00:00.000Z',
      '2011-12-30T22:00:00.000Z',
    ]);
  });
});

describe('the hour that a clock shows twice', () => {
  // Berlin, 25 October 2026: 03:00 becomes 02:00.
  test('comes once, the first time', () => {
    expect(dues(cron('30 2 * * *', 'Europe/Berlin'), '2026-10-24T12:00:00Z', 2)).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-26T01:30:00.000Z',
    ]);
    expect(dues(cron('30 2 * * *', 'Europe/Berlin'), '2026-10-25T00:30:00Z', 1)).toEqual(['2026-10-26T01:30:00.000Z']);
  });

  test('comes both times for what comes every hour', () => {
    expect(dues(cron('30 * * * *', 'Europe/Berlin'), '2026-10-24T23:00:00Z', 4)).toEqual([
      '2026-10-24T23:30:00.000Z',
      '2026-10-25T00:30:00.000Z',
      '2026-10-25T01:30:00.000Z',
      '2026-10-25T02:30:00.000Z',
    ]);
  });
});

const zones = fc.constantFrom(
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'Africa/Casablanca',
  'America/Santiago',
  'UTC',
);
const moments = fc.integer({ min: Date.parse('2020-01-01'), max: Date.parse('2035-01-01') });

describe('due times, whatever zone and moment', () => {
  test('a time of the day comes once for each day of the calendar, in order, at that time or after a gap', () => {
    const clock = fc.record({ hour: fc.integer({ min: 0, max: 23 }), minute: fc.integer({ min: 0, max: 59 }) });
    fc.assert(
      fc.property(zones, moments, clock, (zone, after, { hour, minute }) => {
        const found = upcoming(of(cron(`${minute} ${hour} * * *`, zone)), after, 5);
        const days = found.map((ms) => Math.floor(readingAt(zone, ms) / 86_400_000));
        expect(days.map((day) => day - (days[0] ?? 0))).toEqual([0, 1, 2, 3, 4]);
        expect(found[0]).toBeGreaterThan(after);
        for (const ms of found) {
          const isAtTime = readingAt(zone, ms) % 86_400_000 === (hour * 60 + minute) * 60_000;
          const isAfterGap = readingAt(zone, ms) - readingAt(zone, ms - 1) > 1;
          expect(isAtTime || isAfterGap).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('each minute is a minute after the one before', () => {
    fc.assert(
      fc.property(zones, moments, (zone, after) => {
        const found = upcoming(of(cron('* * * * *', zone)), after, 5);
        expect(found.map((ms) => ms - (found[0] ?? 0))).toEqual([0, 60_000, 120_000, 180_000, 240_000]);
      }),
      { numRuns: 40 },
    );
  });

  test('looking from between two of them finds the same second one', () => {
    const expressions = fc.constantFrom(
      '*/7 * * * *',
      '30 2 * * *',
      '0 0 1 * *',
      '15 1-3 * * 0',
      '0 12 L * *',
      '@weekly',
    );
    fc.assert(
      fc.property(
        zones,
        moments,
        expressions,
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (zone, after, text, share) => {
          const table = of(cron(text, zone));
          const [first = 0, second = 0] = upcoming(table, after, 2);
          expect(first).toBeGreaterThan(after);
          expect(table.nextAfter(Math.floor(first + (second - first) * share))).toBe(second);
        },
      ),
      { numRuns: 100 },
    );
  });

  test('intervals are counted from one moment, whenever one looks', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 100_000 }), moments, (seconds, after) => {
        const next = of({ type: 'interval', seconds }).nextAfter(after) ?? 0;
        expect(next).toBeGreaterThan(after);
        expect((next - MADE) % (seconds * 1_000)).toBe(0);
        expect(next - after <= seconds * 1_000 || after < MADE).toBe(true);
      }),
    );
  });
});

test('an interval from a named moment begins with it', () => {
  const timing: ScheduleTiming = { type: 'interval', seconds: 3_600, from: '2026-06-01T08:00:00+02:00' };
  expect(dues(timing, '2026-01-01T00:00:00Z', 2)).toEqual(['2026-06-01T06:00:00.000Z', '2026-06-01T07:00:00.000Z']);
});

test('a single time comes once, and nothing comes after an end', () => {
  expect(dues({ type: 'at', at: '2026-12-01T09:00:00+01:00' }, '2026-01-01T00:00:00Z', 5)).toEqual([
    '2026-12-01T08:00:00.000Z',
  ]);
  const table = of(cron('0 0 * * *'), Date.parse('2026-01-03T00:00:00Z'));
  expect(upcoming(table, Date.parse('2026-01-01T12:00:00Z'), 9).map((ms) => new Date(ms).getUTCDate())).toEqual([2, 3]);
});

test('29 February is waited for', () => {
  expect(dues(cron('0 0 29 2 *'), '2026-01-01T00:00:00Z', 2)).toEqual([
    '2028-02-29T00:00:00.000Z',
    '2032-02-29T00:00:00.000Z',
  ]);
});

test.each([
  [cron('0 0 30 2 *'), 'expression never comes: no month has such a day'],
  [cron('0 0 31 4,6,9 *'), 'expression never comes: no month has such a day'],
  [cron('* * * * * *'), /^expression must have five fields/],
  [cron('@secondly'), /^expression must have five fields/],
  [cron('61 * * * *'), /^expression cannot be read: constraint error/],
  [cron('H * * * *'), /^expression must not have H/],
  [
    cron('0 0 * * *', 'Europe/Berlni'),
    'timeZone is no time zone of the IANA database, such as Europe/Berlin. Did you mean "Europe/Berlin"?',
  ],
  [cron('0 0 * * *', '+01:00'), 'timeZone is no time zone of the IANA database, such as Europe/Berlin'],
])('%j is refused with its reason', (timing, detail) => {
  expect(problem(timing)).toMatch(detail);
});
