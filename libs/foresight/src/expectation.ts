import {
  type Expectation,
  type ExpectedFrom,
  type Quantiles,
  type SuccessChance,
  usdOf,
  wilsonInterval,
} from '@baton/contracts';
import type { History, Outcome } from './outcome.js';
import { LEAST_SAMPLE, mapQuantiles, quantilesOf } from './quantile.js';

/**
 * What a run is expected to take, from runs that ended before it: those that are most like it where there are enough, else all
 * of its workflow, else nothing.
 */
export function expectationOf(history: History<Outcome>): Expectation {
  for (const { from, runs } of candidatesOf(history)) {
    const durationMs = quantilesOf(runs.map((run) => run.durationMs));
    if (durationMs !== null)
      return { status: 'known', from, sampleSize: runs.length, durationMs, ...costAndChance(runs) };
  }
  return { status: 'not-enough', sampleSize: history.all.length, needed: LEAST_SAMPLE };
}

/** In the order in which they are asked. */
export const candidatesOf = <T>({
  alike,
  all,
}: History<T>): readonly { readonly from: ExpectedFrom; readonly runs: readonly T[] }[] => [
  { from: 'version-and-size', runs: alike },
  { from: 'workflow', runs: all },
];

/** @param spentMicroUsd what is spent already: runs that cost less are no example */
export function costAndChance(
  runs: readonly Outcome[],
  spentMicroUsd = 0,
): { readonly costUsd: Quantiles | null; readonly costSampleSize: number; readonly success: SuccessChance } {
  const costs = runs.flatMap(({ costMicroUsd: cost }) => (cost === null || cost < spentMicroUsd ? [] : [cost]));
  const quantiles = quantilesOf(costs);
  return {
    costUsd: quantiles === null ? null : mapQuantiles(quantiles, (cost) => usdOf(Math.round(cost))),
    costSampleSize: costs.length,
    success: successOf(runs.filter(({ isSuccess }) => isSuccess).length, runs.length),
  };
}

/** The share with its interval (`wilsonInterval`). */
function successOf(succeeded: number, n: number): SuccessChance {
  const { low, high } = wilsonInterval(succeeded, n) ?? { low: 0, high: 1 };
  return { rate: n === 0 ? 0 : succeeded / n, low, high, succeeded, sampleSize: n };
}
