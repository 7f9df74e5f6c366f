import { expect, test } from 'vitest';
import { isNestedWithin } from './nesting.js';

const nested = (levels: number): unknown => JSON.parse(`${'[{"a":'.repeat(levels / 2)}1${'}]'.repeat(levels / 2)}`);

test('counts arrays and objects within each other', () => {
  expect(isNestedWithin(1, 0)).toBe(true);
  expect(isNestedWithin({}, 0)).toBe(false);
  expect(isNestedWithin([[], [{}]], 3)).toBe(true);
  expect(isNestedWithin([[], [{}]], 2)).toBe(false);
  expect(isNestedWithin(nested(500))).toBe(true);
  expect(isNestedWithin([nested(500)])).toBe(false);
});

test('answers for a depth at which recursion would fail', () => {
  expect(isNestedWithin(nested(100_000))).toBe(false);
});
