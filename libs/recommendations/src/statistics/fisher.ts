/** Two by two: with and without a fact, by what came of it. */
export interface Table {
  /** With the fact: so many yes, and no. */
  readonly a: number;
  readonly b: number;
  /** Without it. */
  readonly c: number;
  readonly d: number;
}

/**
 * How likely a table is that says as much, where the fact has nothing to do with it: the sum over all tables of the same
 * margins that are no more likely than this one. Exact, so it holds for small numbers, too.
 * Source: R. A. Fisher, "The Logic of Inductive Inference", Journal of the Royal Statistical Society 98 (1935), 39–82.
 */
export function fisherExact({ a, b, c, d }: Table): number {
  const [row, column, n] = [a + b, a + c, a + b + c + d];
  const fixed = logFactorial(row) + logFactorial(n - row) + logFactorial(column) + logFactorial(n - column);
  const logOf = (x: number): number =>
    fixed -
    (logFactorial(n) +
      logFactorial(x) +
      logFactorial(row - x) +
      logFactorial(column - x) +
      logFactorial(n - row - column + x));
  // What is as likely but for rounding counts as no more likely.
  const most = logOf(a) + 1e-7;
  let sum = 0;
  for (let x = Math.max(0, row + column - n); x <= Math.min(row, column); x += 1) {
    const log = logOf(x);
    if (log <= most) sum += Math.exp(log);
  }
  return Math.min(1, sum);
}

const known = [0];

function logFactorial(n: number): number {
  for (let next = known.length; next <= n; next += 1) known.push((known[next - 1] ?? 0) + Math.log(next));
  return known[n] ?? 0;
}

const Z = 1.959963984540054;

/**
 * How many times the odds, with an interval at 95 %: Woolf's, with a half added to each cell, so that an empty one leaves it
 * finite. Sources: B. Woolf, "On estimating the relation between blood group and disease", Annals of Human Genetics 19 (1955),
 * 251–253; J. B. S. Haldane, "The estimation and significance of the logarithm of a ratio of frequencies", the same 20 (1956), 309–311.
 */
export function oddsRatio(table: Table): { readonly ratio: number; readonly low: number; readonly high: number } {
  const [a, b, c, d] = [table.a + 0.5, table.b + 0.5, table.c + 0.5, table.d + 0.5];
  const log = Math.log((a * d) / (b * c));
  const half = Z * Math.sqrt(1 / a + 1 / b + 1 / c + 1 / d);
  return { ratio: Math.exp(log), low: Math.exp(log - half), high: Math.exp(log + half) };
}
