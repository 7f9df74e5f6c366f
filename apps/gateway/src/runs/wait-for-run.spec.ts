import { expect, test } from 'vitest';
import { secondsToWait } from './wait-for-run.js';

test.each([
  ['wait=5', 5],
  ['respond-async, wait=10', 10],
  ['Wait="3"; x', 3],
  ['wait=100000', 60],
  ['await=5', null],
  ['wait=-1', null],
  ['wait=1e9', null],
  ['wait', null],
  [undefined, null],
])('%s asks for %s seconds', (prefer, seconds) => {
  expect(secondsToWait(prefer)).toBe(seconds);
});
