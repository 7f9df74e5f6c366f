import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { LIVENESS, untilFrozen } from './liveness.js';

afterEach(() => void vi.useRealTimers());

test('a process that was ready and is silent is noticed after the time that is promised, and not after a question more', async () => {
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
  const noticed = untilFrozen(isAlive, timing, new AbortController().signal, { wasReady: () => true, pause });
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
  expect(
    await untilFrozen(isAlive, timing, over.signal, { wasReady: () => true, pause: (ms) => sleep(ms) }),
  ).toBeNull();
});

test('a process that answers while it loads is given the time of a start, and is asked as usual once it is ready', async () => {
  const timing = { everyMs: 10, answerMs: 30, silentMs: 70, bootMs: 600 };
  let [nowMs, answersUntilMs, readyAtMs] = [0, 50, 500];
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
  const isAlive = async (timeoutMs: number): Promise<boolean> => {
    if (nowMs < answersUntilMs) return true;
    nowMs += timeoutMs;
    return false;
  };
  const pause = async (ms: number): Promise<void> => {
    nowMs += ms;
  };
  const untilMs = async (): Promise<number> => {
    nowMs = 0;
    await untilFrozen(isAlive, timing, new AbortController().signal, { wasReady: () => nowMs >= readyAtMs, pause });
    return nowMs;
  };
  // Silent from 50 on, and ready at 500: from there on it has the time of one that is ready.
  expect(await untilMs()).toBeGreaterThanOrEqual(570);
  expect(await untilMs()).toBeLessThan(700);
  readyAtMs = Number.POSITIVE_INFINITY;
  expect(await untilMs()).toBeGreaterThanOrEqual(650);
  [answersUntilMs, readyAtMs] = [50, 0];
  expect(await untilMs()).toBeLessThan(150);
  clock.mockRestore();
});
