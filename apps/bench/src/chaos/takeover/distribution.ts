import { quantile } from '../../result.js';

/** How long something took, again and again, in seconds. */
export interface Distribution {
  readonly name: string;
  readonly seconds: readonly number[];
}

const SHARES = [
  ['p50', 0.5],
  ['p90', 0.9],
  ['p99', 0.99],
] as const;

/** A row of Markdown for each, with the number of times, the shares and the longest. */
export function rowsOf(distributions: readonly Distribution[]): readonly string[] {
  const head = ['|  | n | p50 | p90 | p99 | max |', '|---|---|---|---|---|---|'];
  const rows = distributions.map(({ name, seconds }) => {
    const sorted = seconds.toSorted((a, b) => a - b);
    const figures = [...SHARES.map(([, share]) => quantile(sorted, share)), sorted.at(-1) ?? Number.NaN];
    return `| ${name} | ${sorted.length} | ${figures.map((value) => value.toFixed(1)).join(' | ')} |`;
  });
  return [...head, ...rows];
}
