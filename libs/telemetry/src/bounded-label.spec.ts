import { expect, test } from 'vitest';
import { boundedLabel, OTHER } from './bounded-label.js';

test('the first names are told apart, and all that come later are one', () => {
  const label = boundedLabel(2);
  expect(['a', 'b', 'c', 'a', 'd'].map(label)).toEqual(['a', 'b', OTHER, 'a', OTHER]);
});

test('ten thousand names that somebody makes up are as many series as there is room for', () => {
  const label = boundedLabel(50);
  const values = new Set(Array.from({ length: 10_000 }, (_, index) => label(`w-${index}`)));
  expect(values.size).toBe(51);
});

test('a name is no longer than a name', () => {
  expect(boundedLabel()('x'.repeat(10_000))).toHaveLength(100);
});
