import { expect, test } from 'vitest';
import { randomFrom, uuidFrom } from './random.js';

test('a seed gives the same numbers every time, and another seed gives others', () => {
  const draw = (seed: string) => Array.from({ length: 5 }, randomFrom(seed));
  expect(draw('run/1/7')).toEqual(draw('run/1/7'));
  expect(draw('run/1/7')).not.toEqual(draw('run/1/8'));
});

test('numbers lie in [0, 1) and spread evenly', () => {
  const random = randomFrom('spread');
  const buckets = Array.from({ length: 10 }, () => 0);
  for (let i = 0; i < 20_000; i += 1) {
    const value = random();
    expect(value >= 0 && value < 1).toBe(true);
    buckets[Math.floor(value * 10)] = (buckets[Math.floor(value * 10)] ?? 0) + 1;
  }
  for (const count of buckets) expect(Math.abs(count - 2000)).toBeLessThan(250);
});

test('ids drawn from a thousand seeds are all different', () => {
  const ids = Array.from({ length: 1000 }, (_, index) => uuidFrom(randomFrom(`run/${index}`)));
  expect(new Set(ids).size).toBe(1000);
});
