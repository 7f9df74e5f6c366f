import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeIntervals } from './src/intervals.ts';

test('overlapping and touching intervals become one', () => {
  assert.deepEqual(
    mergeIntervals([
      [5, 9],
      [1, 3],
      [2, 4],
      [9, 10],
    ]),
    [
      [1, 4],
      [5, 10],
    ],
  );
  assert.deepEqual(
    mergeIntervals([
      [1, 10],
      [2, 3],
    ]),
    [[1, 10]],
  );
});
test('neighbours stay apart, and so does nothing', () => {
  assert.deepEqual(
    mergeIntervals([
      [3, 4],
      [1, 2],
    ]),
    [
      [1, 2],
      [3, 4],
    ],
  );
  assert.deepEqual(mergeIntervals([]), []);
  assert.deepEqual(
    mergeIntervals([
      [2, 2],
      [2, 2],
    ]),
    [[2, 2]],
  );
});
test('the argument stays as it is', () => {
  const given: [number, number][] = [
    [3, 4],
    [1, 3],
  ];
  mergeIntervals(given);
  assert.deepEqual(given, [
    [3, 4],
    [1, 3],
  ]);
});
test('what is no interval is refused', () => {
  for (const wrong of [
    [2, 1],
    [Number.NaN, 1],
    [0, Number.POSITIVE_INFINITY],
  ] as [number, number][]) {
    assert.throws(() => mergeIntervals([[0, 1], wrong]), RangeError);
  }
});
