import { expect, test } from 'vitest';
import { parseTimestamp } from './index.js';

test.each<readonly [string, string]>([
  ['2016-03-14T01:59:00Z', '2016-03-14T01:59:00.000Z'],
  ['2016-02-29T01:59:00.1234567+02:00', '2016-02-28T23:59:00.123Z'],
  ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
])('%s is an instant', (text, iso) => {
  expect(parseTimestamp(text)).toBe(Date.parse(iso));
});

test.each([
  '2016-03-14',
  '2016-03-14T01:59:00',
  '2016-03-14t01:59:00z',
  '2016-03-14T25:59:00Z',
  '2016-13-01T00:00:00Z',
  '2015-02-29T00:00:00Z',
  '2016-04-31T00:00:00Z',
  '+012016-04-30T00:00:00Z',
  '2016-04-30T00:00:00+99:99',
])('%s is none', (text) => {
  expect(parseTimestamp(text)).toBeNull();
});
