/** Cohen's κ in words: how far a judge agrees with the tools beyond what chance would give. */
export function kappaInWords(kappa: number | null): string {
  if (kappa === null) return 'cannot be told';
  if (kappa < 0) return 'worse than chance';
  if (kappa < 0.2) return 'hardly better than chance';
  if (kappa < 0.4) return 'a little better than chance';
  if (kappa < 0.6) return 'better than chance';
  if (kappa < 0.8) return 'mostly agrees';
  return 'agrees';
}

/** From where on a figure says something. */
const ENOUGH = 30;

export const isSmall = (sampleSize: number): boolean => sampleSize < ENOUGH;
