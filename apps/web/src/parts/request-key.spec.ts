import { expect, test } from 'vitest';
import { requestKeys } from './request-key.js';

test('the same that is sent again has the same key, until it is known to be done', () => {
  const { keyFor, forget } = requestKeys();
  const made = keyFor({ name: 'nightly' });
  expect(keyFor({ name: 'nightly' })).toBe(made);
  forget();
  // It was removed, and is made again.
  const again = keyFor({ name: 'nightly' });
  expect(again).not.toBe(made);
  expect(keyFor({ name: 'nightly' })).toBe(again);
  expect(keyFor({ name: 'weekly' })).not.toBe(again);
});
