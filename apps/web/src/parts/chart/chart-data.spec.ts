import { expect, test } from 'vitest';
import { shownLabels } from './chart-data.js';

test('all labels are written where there is room', () => {
  expect(shownLabels(3, 700)).toEqual([0, 1, 2]);
});

test('of many labels some are written, the last among them', () => {
  expect(shownLabels(10, 280)).toEqual([0, 3, 6, 9]);
});

test('no figures have no labels, and a place without width has one', () => {
  expect(shownLabels(0, 700)).toEqual([]);
  expect(shownLabels(4, 0)).toEqual([3]);
});
