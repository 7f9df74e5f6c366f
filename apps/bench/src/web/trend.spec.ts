import { expect, test } from 'vitest';
import { trendOf } from './trend.js';

test('what grows evenly has its growth as a slope, and no error', () => {
  const { slope, error } = trendOf([1, 3, 5, 7]);
  expect(slope).toBeCloseTo(2);
  expect(error).toBeCloseTo(0);
});

test('what goes up and down around the same has a slope that is smaller than its error', () => {
  const { slope, error } = trendOf(Array.from({ length: 60 }, (_, at) => 7 + (at % 2)));
  expect(Math.abs(slope)).toBeLessThan(error);
});

test('a growth is seen through noise that is a hundred times as large as what grows from one sample to the next', () => {
  const { slope, error } = trendOf(Array.from({ length: 60 }, (_, at) => 7 + at / 100 + (at % 2)));
  expect(slope / error).toBeGreaterThan(2);
});

test('two samples are no trend', () => {
  expect(() => trendOf([1, 2])).toThrow('three samples');
});
