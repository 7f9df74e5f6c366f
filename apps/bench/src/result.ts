/** One figure: the median, with what shows the noise: a percentile of many samples, or the extremes of few rounds. */
export interface BenchResult {
  readonly name: string;
  readonly unit: string;
  readonly median: number;
  readonly p99?: number;
  readonly min?: number;
  readonly max?: number;
  /** Samples, or rounds. */
  readonly runs: number;
}

/** A figure from a few rounds, each of which gave one value. */
export function figure(name: string, unit: string, values: readonly number[]): BenchResult {
  const sorted = values.toSorted((a, b) => a - b);
  const [min] = sorted;
  const max = sorted.at(-1);
  if (min === undefined || max === undefined) throw new Error(`${name} has no values`);
  return { name, unit, median: quantile(sorted, 0.5), min, max, runs: sorted.length };
}

/** The value at or below which a share `q` of the sorted values lies (nearest rank). */
export function quantile(sorted: readonly number[], q: number): number {
  const rank = Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1));
  return sorted[rank] ?? Number.NaN;
}

export function table(results: readonly BenchResult[]): readonly string[] {
  const width = Math.max(...results.map(({ name }) => name.length));
  const digits = (value: number): string => value.toFixed(value < 100 ? 2 : 0);
  return results.map(({ name, unit, median, p99, min, max, runs }) => {
    const noise = [
      ...(p99 === undefined ? [] : [`p99 ${digits(p99)}`]),
      ...(min === undefined || max === undefined ? [] : [`min ${digits(min)}, max ${digits(max)}`]),
      `n ${runs}`,
    ];
    return `${name.padEnd(width)} ${digits(median).padStart(9)} ${unit.padEnd(8)} (${noise.join(', ')})`;
  });
}

/** Lines of columns: names to the left, figures to the right. */
export function columns(table: readonly (readonly string[])[]): readonly string[] {
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return table.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}
