/** One column or line of figures, in one of our colours. */
interface Series {
  readonly title: string;
  readonly tone: 'accent' | 'good' | 'bad' | 'warn' | 'busy';
  /** As many as there are labels; null where nothing is known. */
  readonly values: readonly (number | null)[];
}

export interface ChartData {
  readonly title: string;
  /** What stands below each place, as days do. */
  readonly labels: readonly string[];
  readonly series: readonly Series[];
  readonly format: (value: number) => string;
}

/** Which labels are written below the chart: at most so many that they do not touch, the last among them. */
export function shownLabels(count: number, widthPx: number, labelPx = 70): readonly number[] {
  if (count === 0) return [];
  const most = Math.max(1, Math.floor(widthPx / labelPx));
  const step = Math.ceil(count / most);
  return Array.from({ length: count }, (_, index) => index).filter((index) => (count - 1 - index) % step === 0);
}
