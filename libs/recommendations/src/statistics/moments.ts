import type { Estimate } from '@baton/contracts';

/**
 * Numbers as they come, in the memory of three: how many, their mean, and the sum of squares about it.
 * Source: B. P. Welford, "Note on a Method for Calculating Corrected Sums of Squares and Products", Technometrics 4 (1962), 419–420.
 */
export interface Moments {
  readonly n: number;
  readonly mean: number;
  readonly squares: number;
}

export const noMoments: Moments = { n: 0, mean: 0, squares: 0 };

export function withValue({ n, mean, squares }: Moments, value: number): Moments {
  const next = mean + (value - mean) / (n + 1);
  return { n: n + 1, mean: next, squares: squares + (value - mean) * (value - next) };
}

const varianceOfMean = ({ n, squares }: Moments): number => squares / (n - 1) / n;

/** The mean with Student's interval at 95 %; of fewer than two numbers none is known. Null where there is no number. */
export function estimateOf(moments: Moments): Estimate | null {
  const { n, mean } = moments;
  if (n === 0) return null;
  if (n === 1) return { mean, interval: null, n };
  const half = tQuantile(n - 1) * Math.sqrt(varianceOfMean(moments));
  return { mean, interval: { low: mean - half, high: mean + half }, n };
}

/**
 * The difference of two means, one − other, at 95 %, where the two vary differently.
 * Source: B. L. Welch, "The generalization of 'Student's' problem when several different population variances are involved",
 * Biometrika 34 (1947), 28–35.
 *
 * @param one at least two numbers, as the other
 */
export function differenceOfMeans(one: Moments, other: Moments): Estimate {
  const [a, b] = [varianceOfMean(one), varianceOfMean(other)];
  const mean = one.mean - other.mean;
  const n = one.n + other.n;
  if (a + b === 0) return { mean, interval: { low: mean, high: mean }, n };
  const freedom = (a + b) ** 2 / (a ** 2 / (one.n - 1) + b ** 2 / (other.n - 1));
  const half = tQuantile(Math.max(1, Math.floor(freedom))) * Math.sqrt(a + b);
  return { mean, interval: { low: mean - half, high: mean + half }, n };
}

/** The 97.5 % points of Student's distribution for 1 to 30 degrees of freedom. */
const T = [
  12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.306, 2.2622, 2.2281, 2.201, 2.1788, 2.1604, 2.1448, 2.1314,
  2.1199, 2.1098, 2.1009, 2.093, 2.086, 2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423,
];
const Z = 1.959963984540054;

/**
 * The 97.5 % point; above 30 degrees of freedom by its expansion about the normal one.
 * Source: M. Abramowitz, I. A. Stegun, "Handbook of Mathematical Functions" (1964), 26.7.5.
 */
export const tQuantile = (freedom: number): number =>
  T[freedom - 1] ?? Z + (Z ** 3 + Z) / (4 * freedom) + (5 * Z ** 5 + 16 * Z ** 3 + 3 * Z) / (96 * freedom ** 2);
