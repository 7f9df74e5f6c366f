import { expect, test } from 'vitest';
import { signalTaker } from './signals.js';

test('one Ctrl-C that comes twice at once is one; a later one hurries', () => {
  let now = 0;
  const interrupted = new AbortController();
  const hurried = new AbortController();
  const take = signalTaker({ interrupted, hurried, nowMs: () => now });
  take();
  now = 20;
  take();
  expect([interrupted.signal.aborted, hurried.signal.aborted]).toEqual([true, false]);
  now = 1_500;
  take();
  expect(hurried.signal.aborted).toBe(true);
});
