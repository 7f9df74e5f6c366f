/** A straight line through samples that are equally far apart, and how sure it is. */
export interface Trend {
  /** By how much the values grow from one sample to the next. */
  readonly slope: number;
  /** The standard error of the slope: what is no larger than about twice that is noise. */
  readonly error: number;
}

/** The line of least squares. */
export function trendOf(values: readonly number[]): Trend {
  const count = values.length;
  if (count < 3) throw new Error(`a trend needs three samples, and there are ${count}`);
  const middle = (count - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const spread = values.reduce((sum, _, at) => sum + (at - middle) ** 2, 0);
  const slope = values.reduce((sum, value, at) => sum + (at - middle) * (value - mean), 0) / spread;
  const missed = values.reduce((sum, value, at) => sum + (value - mean - slope * (at - middle)) ** 2, 0);
  return { slope, error: Math.sqrt(missed / (count - 2) / spread) };
}
