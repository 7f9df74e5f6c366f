import { expect, test } from 'vitest';
import { closedLoop, watchedLoop } from './closed-loop.js';

const PLAN = { inFlight: 3, warmUpMs: 5, measureMs: 30 };
const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

test('as many runs are under way as was asked for, and never more', async () => {
  let underWay = 0;
  let most = 0;
  const run = async (): Promise<void> => {
    underWay += 1;
    most = Math.max(most, underWay);
    await soon();
    underWay -= 1;
  };
  const { runs, latenciesMs, seconds } = await closedLoop(run, PLAN);
  expect(most).toBe(3);
  expect(underWay).toBe(0);
  expect(runs).toBe(latenciesMs.length);
  expect(latenciesMs).toEqual(latenciesMs.toSorted((a, b) => a - b));
  expect(seconds).toBeGreaterThanOrEqual(0.029);
});

test('what ends before or after the measured time does not count', async () => {
  const ended = { before: 0, within: 0, after: 0 };
  let part: keyof typeof ended = 'before';
  const run = async (): Promise<void> => {
    await soon();
    ended[part] += 1;
  };
  const { outcome } = await watchedLoop(run, PLAN, async () => {
    await soon();
    part = 'within';
    return async () => {
      part = 'after';
      await soon();
    };
  });
  expect(outcome.runs).toBe(ended.within);
  expect(ended.before).toBeGreaterThan(0);
});

test('a run that fails ends the loop with its reason', async () => {
  const failing = async (): Promise<void> => {
    await soon();
    throw new Error('the engine has gone');
  };
  await expect(closedLoop(failing, { ...PLAN, measureMs: 60_000 })).rejects.toThrow('the engine has gone');
});
