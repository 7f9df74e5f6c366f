import { expect, test } from 'vitest';
import { limitWrongTokens } from './wrong-tokens.js';

test('an address may be wrong twenty times, and then once in three seconds', () => {
  let now = 0;
  const wrong = limitWrongTokens(() => now);
  for (let n = 0; n < 20; n += 1) expect(wrong.count('10.0.0.1')).toBeNull();
  expect(wrong.count('10.0.0.1')).toBe(3);
  expect(wrong.count('10.0.0.2')).toBeNull();
  now += 2_000;
  expect(wrong.count('10.0.0.1')).toBe(1);
  now += 3_000;
  expect(wrong.count('10.0.0.1')).toBeNull();
});

test('an address of IPv6 is the same as its neighbours, and no more than ten thousand are remembered', () => {
  const wrong = limitWrongTokens(() => 0);
  for (let n = 0; n < 20; n += 1) wrong.count(`2001:db8:1:2::${n}`);
  expect(wrong.count('2001:db8:1:2:ffff::1')).toBe(3);
  expect(wrong.count('2001:db8:1:3::1')).toBeNull();
  for (let n = 0; n < 10_000; n += 1) wrong.count(`10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`);
  expect(wrong.count('2001:db8:1:2::1')).toBeNull();
});
