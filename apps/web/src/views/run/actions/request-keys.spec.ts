import { expect, test } from 'vitest';
import { requestKeys } from './request-keys.js';

test('the same request sent again has the same key, another one another, and after its acceptance a new one', () => {
  let made = 0;
  const keys = requestKeys(() => `key-${++made}`);
  expect(keys.of({ at: 1 })).toBe('key-1');
  expect(keys.of({ at: 1 })).toBe('key-1');
  expect(keys.of({ at: 2 })).toBe('key-2');
  keys.done();
  expect(keys.of({ at: 2 })).toBe('key-3');
});
