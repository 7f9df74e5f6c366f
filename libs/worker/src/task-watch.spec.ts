import type { ClosedReason } from '@baton/event-store';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createTaskWatch } from './task-watch.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function world() {
  const closed = new Map<string, ClosedReason>();
  const asked: (readonly string[])[] = [];
  let isAway = false;
  const watch = createTaskWatch({
    closedCommands: async (commandIds) => {
      asked.push(commandIds);
      if (isAway) throw new Error('away');
      return new Map([...closed].filter(([commandId]) => commandIds.includes(commandId)));
    },
    log: { info: () => {}, warn: () => {} },
  });
  const setAway = (away: boolean): void => {
    isAway = away;
  };
  return { closed, asked, watch, setAway };
}

test.each([
  ['cancelled', 'task-cancelled'],
  ['time-up', 'task-time-up'],
  ['given-up', 'task-given-up'],
  ['answered', 'task-answered'],
] as const)('a task that is %s is aborted with the code %s within two seconds', async (reason, code) => {
  const { closed, watch } = world();
  const [one, other] = [watch.follow('one'), watch.follow('other')];
  await vi.advanceTimersByTimeAsync(5_000);
  expect(one.signal.aborted).toBe(false);
  closed.set('one', reason);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(one.signal.reason).toMatchObject({ code });
  expect(other.signal.aborted).toBe(false);
});

test('all tasks in work are asked about in one request, and nobody is asked when there are none', async () => {
  const { asked, watch } = world();
  const tasks = ['one', 'two', 'two'].map((commandId) => watch.follow(commandId));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(asked).toEqual([['one', 'two']]);
  for (const { release } of tasks) release();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toHaveLength(1);
});

test('a database that is away is asked again, and no task is aborted for it', async () => {
  const { closed, watch, setAway } = world();
  const { signal } = watch.follow('one');
  setAway(true);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(signal.aborted).toBe(false);
  closed.set('one', 'cancelled');
  setAway(false);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(signal.aborted).toBe(true);
});
