import { expect, test } from 'vitest';
import { Waker } from './waker.js';

test('a wake-up before the wait is not lost', async () => {
  const waker = new Waker(new AbortController().signal);
  waker.wake();
  expect(await waker.wait(10_000)).toBe(true);
});

test('a wake-up counts once', async () => {
  const waker = new Waker(new AbortController().signal);
  waker.wake();
  await waker.wait(10_000);
  expect(await waker.wait(1)).toBe(false);
});

test('a wake-up ends the wait', async () => {
  const waker = new Waker(new AbortController().signal);
  const wait = waker.wait(10_000);
  waker.wake();
  expect(await wait).toBe(true);
});

test('an abort ends the wait', async () => {
  const controller = new AbortController();
  const wait = new Waker(controller.signal).wait(10_000);
  controller.abort();
  expect(await wait).toBe(true);
});
