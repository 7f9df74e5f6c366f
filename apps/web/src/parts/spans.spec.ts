import { describe, expect, test } from 'vitest';
import { agoOf, bytesOf, durationOf, moneyOf } from './spans.js';

describe('a duration', () => {
  test.each([
    [0, '0 ms'],
    [340.4, '340 ms'],
    [3_240, '3.2 s'],
    [59_700, '1 min'],
    [250_000, '4 min 10 s'],
    [3_600_000, '1 h'],
    [7_500_000, '2 h 5 min'],
    [277_200_000, '3 d 5 h'],
    [-5, '0 ms'],
  ])('of %i ms reads %s', (ms, text) => {
    expect(durationOf(ms)).toBe(text);
  });
});

describe('a time beside now', () => {
  test.each([
    [0, 'now'],
    [-3_000, '3 s ago'],
    [-250_000, '4 min ago'],
    [90_000, 'in 1 min'],
  ])('%i ms away reads %s', (away, text) => {
    expect(agoOf(1_000_000_000 + away, 1_000_000_000)).toBe(text);
  });
});

test('money below a cent is told in cents, and not as nothing', () => {
  expect([0, 0.0042, 0.1, 12.3].map(moneyOf)).toEqual(['$0', '0.42 ¢', '$0.10', '$12.30']);
});

test('bytes have one decimal from a kibibyte on', () => {
  expect([12, 2_048, 5_242_880].map(bytesOf)).toEqual(['12 B', '2.0 KiB', '5.0 MiB']);
});
