import { vi } from 'vitest';
import type { ConsumerTiming } from '../consumer-timing.js';
import type { DeadLetter, RecordDeadLetter } from '../delivery.js';

/** Short enough for tests, in the proportions of the real ones. */
export const quickTiming: ConsumerTiming = {
  lockMs: 1_000,
  stalledCheckMs: 300,
  reconnectMs: 100,
  watchdogMs: 1_000,
  abortGraceMs: 200,
};

/** Waits until the check no longer throws. */
export const eventually = <T>(check: () => T | Promise<T>, timeoutMs = 10_000): Promise<T> =>
  vi.waitFor(check, { timeout: timeoutMs, interval: 20 });

export interface DeadLetters {
  readonly letters: DeadLetter[];
  readonly record: RecordDeadLetter;
}

export function deadLetters(): DeadLetters {
  const letters: DeadLetter[] = [];
  return {
    letters,
    record: async (letter) => {
      letters.push(letter);
    },
  };
}
