/**
 * Of many tests some say something by chance. qᵢ is the smallest over all that are no surer of p·m/rank: who believes all with
 * q ≤ 0.05 is wrong in a twentieth of them at most, on average. It is proven for independent tests, and for those that depend
 * positively (Y. Benjamini, D. Yekutieli, Annals of Statistics 29 (2001), 1165–1188), as those of a fact and of a pair with it do
 * about; facts that exclude each other, as the rounds of a decision do, need not.
 * Source: Y. Benjamini, Y. Hochberg, "Controlling the False Discovery Rate: A Practical and Powerful Approach to Multiple
 * Testing", Journal of the Royal Statistical Society B 57 (1995), 289–300.
 *
 * @returns q for each p, in the order of the p
 */
export function benjaminiHochberg(ps: readonly number[]): readonly number[] {
  const order = ps.map((_, index) => index).toSorted((one, other) => (ps[other] ?? 0) - (ps[one] ?? 0));
  const qs = new Array<number>(ps.length).fill(1);
  let least = 1;
  for (const [behind, index] of order.entries()) {
    least = Math.min(least, ((ps[index] ?? 1) * ps.length) / (ps.length - behind));
    qs[index] = least;
  }
  return qs;
}
