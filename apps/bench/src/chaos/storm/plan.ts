import type { Fault } from './faults.js';

/** One fault of a storm: after which pause, and how hard. */
export interface Strike {
  readonly fault: Fault;
  readonly pauseMs: number;
  readonly share: number;
}

const PAUSE = { leastMs: 500, mostMs: 2_500 };

/**
 * What befalls the stack, by the seed alone: the same seed has the same faults in the same order. Every fault comes before one
 * comes again. How the machine interleaves them with the work is its own.
 */
export function planOf(faults: readonly Fault[], strikes: number, random: () => number): readonly Strike[] {
  const plan: Strike[] = [];
  let left: Fault[] = [];
  while (plan.length < strikes) {
    if (left.length === 0) left = [...faults];
    const [fault] = left.splice(Math.floor(random() * left.length), 1);
    if (fault === undefined) throw new Error('there are no faults to choose from');
    const pauseMs = Math.round(PAUSE.leastMs + random() * (PAUSE.mostMs - PAUSE.leastMs));
    plan.push({ fault, pauseMs, share: random() });
  }
  return plan;
}
