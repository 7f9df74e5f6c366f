const Z = 1.959963984540054;

/**
 * Whether two go up together, by their ranks: Spearman's ρ, which is the correlation of the ranks, where what ties has the mean
 * of its ranks. The interval at 95 % is Fisher's, of atanh ρ, with the variance (1 + ρ²/2)/(n − 3).
 * Sources: C. Spearman, "The proof and measurement of association between two things", American Journal of Psychology 15
 * (1904), 72–101; D. G. Bonett, T. A. Wright, "Sample size requirements for estimating Pearson, Kendall and Spearman
 * correlations", Psychometrika 65 (2000), 23–28.
 *
 * @returns null of fewer than four pairs, and where one of the two never changes
 */
export function rankCorrelation(pairs: readonly (readonly [number, number])[]) {
  const n = pairs.length;
  if (n < 4) return null;
  const xs = ranksOf(pairs.map(([x]) => x));
  const ys = ranksOf(pairs.map(([, y]) => y));
  const middle = (n + 1) / 2;
  let [xy, xx, yy] = [0, 0, 0];
  for (const [index, x] of xs.entries()) {
    const [dx, dy] = [x - middle, (ys[index] ?? middle) - middle];
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  }
  if (xx === 0 || yy === 0) return null;
  const rho = Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)));
  const half = Z * Math.sqrt((1 + rho ** 2 / 2) / (n - 3));
  return { rho, n, low: Math.tanh(Math.atanh(rho) - half), high: Math.tanh(Math.atanh(rho) + half) };
}

/** 1 for the smallest; what is the same has the mean of the ranks that it takes. */
function ranksOf(values: readonly number[]): readonly number[] {
  const order = values.map((_, index) => index).toSorted((one, other) => (values[one] ?? 0) - (values[other] ?? 0));
  const ranks = new Array<number>(values.length).fill(0);
  for (let begin = 0; begin < order.length; ) {
    let end = begin;
    while (end + 1 < order.length && values[order[end + 1] ?? 0] === values[order[begin] ?? 0]) end += 1;
    for (let at = begin; at <= end; at += 1) ranks[order[at] ?? 0] = (begin + end) / 2 + 1;
    begin = end + 1;
  }
  return ranks;
}
