import type { QuietHours } from '@baton/contracts';
import { expect, test } from 'vitest';
import { afterQuiet } from './quiet-hours.js';

const NIGHTS: QuietHours = { from: '22:00', to: '07:00', timeZone: 'Europe/Berlin', days: [] };
const WEEKENDS: QuietHours = { ...NIGHTS, days: ['saturday', 'sunday'] };
const told = (at: string, quiet: QuietHours): string => new Date(afterQuiet(Date.parse(at), quiet)).toISOString();

test.each([
  ['in the day', '2026-06-03T12:00:00+02:00', NIGHTS, '2026-06-03T10:00:00.000Z'],
  ['before midnight', '2026-06-03T23:30:00+02:00', NIGHTS, '2026-06-04T05:00:00.000Z'],
  ['after midnight', '2026-06-04T03:00:00+02:00', NIGHTS, '2026-06-04T05:00:00.000Z'],
  ['at the very end', '2026-06-04T07:00:00+02:00', NIGHTS, '2026-06-04T05:00:00.000Z'],
  ['on a Friday night', '2026-06-05T22:00:00+02:00', WEEKENDS, '2026-06-08T05:00:00.000Z'],
  ['on a Sunday', '2026-06-07T15:00:00+02:00', WEEKENDS, '2026-06-08T05:00:00.000Z'],
  ['in the night of a change', '2026-03-28T23:00:00+01:00', NIGHTS, '2026-03-29T05:00:00.000Z'],
  [
    'up to an hour that is left out',
    '2026-03-29T00:30:00+01:00',
    { ...NIGHTS, to: '02:30' },
    '2026-03-29T01:00:00.000Z',
  ],
  [
    'up to an hour that comes twice',
    '2026-10-25T00:30:00+02:00',
    { ...NIGHTS, to: '02:30' },
    '2026-10-25T00:30:00.000Z',
  ],
  [
    'in hours of the day',
    '2026-06-03T12:30:00Z',
    { from: '12:00', to: '13:00', timeZone: 'UTC', days: [] },
    '2026-06-03T13:00:00.000Z',
  ],
] as const)('what happens %s is told when it is not quiet', (_, at, quiet, expected) => {
  expect(told(at, { ...quiet, days: [...quiet.days] })).toBe(expected);
});
