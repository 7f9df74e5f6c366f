import { wilsonInterval } from '@baton/contracts';

export interface Trials {
  readonly successes: number;
  readonly n: number;
}

/**
 * The difference of two independent shares, one − other, at 95 %: from the Wilson interval of each, l to u,
 * d − √((p₁−l₁)² + (u₂−p₂)²) to d + √((u₁−p₁)² + (p₂−l₂)²). It never leaves −1 to 1, and says something of shares of 0 and 1.
 * Source: R. G. Newcombe, "Interval estimation for the difference between independent proportions: comparison of eleven
 * methods", Statistics in Medicine 17 (1998), 873–890, method 10.
 *
 * @returns null where one of them has no trial
 */
export function differenceOfShares(one: Trials, other: Trials) {
  const [first, second] = [wilsonInterval(one.successes, one.n), wilsonInterval(other.successes, other.n)];
  if (first === null || second === null) return null;
  const [p, q] = [one.successes / one.n, other.successes / other.n];
  return {
    difference: p - q,
    low: p - q - Math.hypot(p - first.low, second.high - q),
    high: p - q + Math.hypot(first.high - p, q - second.low),
  };
}
