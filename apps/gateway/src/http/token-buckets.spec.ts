import { expect, test } from 'vitest';
import { tokenBuckets } from './token-buckets.js';

test('so many at once, then one more in its time, and waiting costs nothing', () => {
  let now = 0;
  const buckets = tokenBuckets({ burst: 3, oneMoreEveryMs: 500, mostNames: 10 }, () => now);
  expect([1, 2, 3].map(() => buckets.take('a'))).toEqual([null, null, null]);
  expect(buckets.take('a')).toBe(1);
  // Who asks in vain is not set back by it.
  for (let n = 0; n < 100; n += 1) buckets.take('a');
  now += 500;
  expect(buckets.take('a')).toBeNull();
  expect(buckets.take('b')).toBeNull();
});

test('no more names are remembered than there may be', () => {
  const buckets = tokenBuckets({ burst: 1, oneMoreEveryMs: 60_000, mostNames: 100 }, () => 0);
  buckets.take('first');
  for (let n = 0; n < 100; n += 1) buckets.take(`other ${n}`);
  expect(buckets.take('first')).toBeNull();
  expect(buckets.take('other 99')).toBe(60);
});
