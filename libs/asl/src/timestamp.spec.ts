import { expect, test } from 'vitest';
import { parseTimestamp } from './index.js';
import { compareTimestamps } from './timestamp.js';

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
  '2016-03-14T24:00:00Z',
  '2016-03-14T00:00:00+24:00',
  '2016-13-01T00:00:00Z',
  '2015-02-29T00:00:00Z',
  '2016-04-31T00:00:00Z',
  '+012016-04-30T00:00:00Z',
  '2016-04-30T00:00:00+99:99',
])('%s is none', (text) => {
  expect(parseTimestamp(text)).toBeNull();
});

test.each<readonly [string, string, number]>([
  ['2016-03-14T01:59:00.1234Z', '2016-03-14T01:59:00.1235Z', -1],
  ['2016-03-14T01:59:00.1234000Z', '2016-03-14T02:59:00.1234+01:00', 0],
  ['2016-03-14T01:59:00.123000001Z', '2016-03-14T01:59:00.123Z', 1],
  ['2016-03-14T01:59:00.12309Z', '2016-03-14T01:59:00.1231Z', -1],
  ['1960-03-14T01:59:00.1231Z', '1960-03-14T01:59:00.1232Z', -1],
  ['2016-03-14T01:59:01Z', '2016-03-14T01:59:00.9999Z', 1],
])('%s beside %s', (left, right, order) => {
  expect(Math.sign(compareTimestamps(left, right) ?? Number.NaN)).toBe(order);
  expect(compareTimestamps(left, 'noon')).toBeNull();
});
