/**
 * The Wilson score interval of a share: `successes` of `n` independent trials, at 95 %.
 *
 * centre = (p + z²/2n) / (1 + z²/n), half width = z·√(p(1−p)/n + z²/4n²) / (1 + z²/n), with z = 1.959964.
 * It stays within 0 and 1 and says something of few trials and of shares of 0 and 1, where the usual p ± z·√(p(1−p)/n) has no
 * width at all. Source: E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", Journal of the
 * American Statistical Association 22 (1927), 209–212.
 *
 * @returns the bounds; null where there was no trial
 */
export function wilsonInterval(successes: number, n: number): { readonly low: number; readonly high: number } | null {
  if (n === 0) return null;
  const p = successes / n;
  const z2 = Z * Z;
  const centre = (p + z2 / (2 * n)) / (1 + z2 / n);
  const half = (Z * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n * n))) / (1 + z2 / n);
  // At 0 and 1 the bound is 0 or 1 itself, and rounding must not lead past it.
  return { low: successes === 0 ? 0 : centre - half, high: successes === n ? 1 : centre + half };
}

/** The 97.5 % point of the normal distribution. */
const Z = 1.959963984540054;
