import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { LIVENESS, untilFrozen } from './liveness.js';

afterEach(() => void vi.useRealTimers());

test('a process that answered before and is silent is noticed after the time that is promised, and not after a question more', async () => {
  // Of the 15 s in which its work goes on elsewhere more than a third is left for a start, and for the lease of what it had.
  expect(LIVENESS.silentMs + LIVENESS.everyMs).toBeLessThanOrEqual(8_000);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
  let isFrozen = false;
  const isAlive = async (timeoutMs: number): Promise<boolean> => {
    if (isFrozen) await new Promise((resolve) => setTimeout(resolve, timeoutMs));
    return !isFrozen;
  };
  const timing = LIVENESS;
  const pause = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms));
  const noticed = untilFrozen(isAlive, timing, new AbortController().signal, pause);
  await vi.advanceTimersByTimeAsync(2_500);
  isFrozen = true;
  const frozenAt = performance.now();
  let silentMs: number | null = null;
  void noticed.then((ms) => {
    silentMs = ms;
  });
  while (silentMs === null && performance.now() - frozenAt < 60_000) await vi.advanceTimersByTimeAsync(100);
  expect(silentMs).toBe(timing.silentMs);
  expect(performance.now() - frozenAt).toBeLessThanOrEqual(timing.silentMs + timing.everyMs + 100);
});

test('silence that is over in time is none', async () => {
  const over = new AbortController();
  let questions = 0;
  const isAlive = async (): Promise<boolean> => {
    questions += 1;
    if (questions === 20) over.abort();
    return questions % 3 !== 0;
  };
  const timing = { everyMs: 1, answerMs: 1, silentMs: 1_000, bootMs: 1_000 };
  expect(await untilFrozen(isAlive, timing, over.signal, (ms) => sleep(ms))).toBeNull();
});
