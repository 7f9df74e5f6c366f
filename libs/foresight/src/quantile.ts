import type { Quantiles } from '@baton/contracts';

/**
 * With fewer values than this nothing is said: a tenth of them would lie below the smallest that was seen. It follows from the
 * formula below, whose place for p = 0.1 is 1 where there are nine.
 */
export const LEAST_SAMPLE = 9;

/**
 * The p-quantile of sorted values, at the place p·(n + 1), between neighbours by a straight line: "definition 6" of R. J. Hyndman
 * and Y. Fan, "Sample Quantiles in Statistical Packages", The American Statistician 50 (1996), 361–365 (W. Weibull's plotting
 * position). It is taken because where that place is whole the next value of the same kind lies below it with probability p, whatever
 * the distribution, if no two are the same: of n + 1 values in random order each is equally likely to be the k-th.
 *
 * @param sorted ascending, with 1 ≤ p·(n + 1) ≤ n
 */
function quantile(sorted: readonly number[], p: number): number {
  const place = Math.min(sorted.length, Math.max(1, p * (sorted.length + 1)));
  const below = Math.floor(place);
  const low = sorted[below - 1] ?? Number.NaN;
  const high = sorted[below] ?? low;
  return low + (place - below) * (high - low);
}

/** The three of them; null where there are too few values. */
export function quantilesOf(values: readonly number[]): Quantiles | null {
  if (values.length < LEAST_SAMPLE) return null;
  const sorted = ascending(values);
  return { p10: quantile(sorted, 0.1), p50: quantile(sorted, 0.5), p90: quantile(sorted, 0.9) };
}

const ascending = (values: readonly number[]): readonly number[] => values.toSorted((a, b) => a - b);

/** Of any number of values, but none. */
export const medianOf = (values: readonly number[]): number => quantile(ascending(values), 0.5);

/** Each of the three, changed alike. */
export const mapQuantiles = ({ p10, p50, p90 }: Quantiles, change: (value: number) => number): Quantiles => ({
  p10: change(p10),
  p50: change(p50),
  p90: change(p90),
});
