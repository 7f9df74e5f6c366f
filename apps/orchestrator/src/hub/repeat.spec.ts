import { setImmediate as settled } from 'node:timers/promises';
import { createLogger } from '@baton/service-kit';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Repeat } from './repeat.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

function given() {
  const rounds: PromiseWithResolvers<void>[] = [];
  const task = (): Promise<void> => {
    const round = Promise.withResolvers<void>();
    rounds.push(round);
    return round.promise;
  };
  const log = createLogger({ name: 'test', level: 'silent' });
  return { rounds, repeat: new Repeat('test', 1_000, task, log).start() };
}

test('a round that is asked for comes at once, and the next one after the usual time', async () => {
  const { rounds, repeat } = given();
  repeat.now();
  await vi.advanceTimersByTimeAsync(0);
  expect(rounds).toHaveLength(1);
  rounds[0]?.resolve();
  await settled();
  await vi.advanceTimersByTimeAsync(999);
  expect(rounds).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(rounds).toHaveLength(2);
});

test('one that is asked for while another is under way follows it, once however often it was asked for', async () => {
  const { rounds, repeat } = given();
  await vi.advanceTimersByTimeAsync(1_000);
  repeat.now();
  repeat.now();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(rounds).toHaveLength(1);
  rounds[0]?.resolve();
  await settled();
  await vi.advanceTimersByTimeAsync(0);
  expect(rounds).toHaveLength(2);
  rounds[1]?.resolve();
  await settled();
  await vi.advanceTimersByTimeAsync(999);
  expect(rounds).toHaveLength(2);
});

test('none comes once it was stopped', async () => {
  const { rounds, repeat } = given();
  await repeat.stop();
  repeat.now();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(rounds).toEqual([]);
});
