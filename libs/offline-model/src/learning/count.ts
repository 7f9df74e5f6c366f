import type { Cell } from './shapes.js';

/** How often each value occurs, the most frequent first; of equals the one that came first. */
export function countsOf(values: readonly Cell[]): readonly { readonly label: Cell; readonly count: number }[] {
  const counts = new Map<Cell, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].map(([label, count]) => ({ label, count })).sort((one, other) => other.count - one.count);
}

export const isMissing = (cell: Cell | undefined): boolean => cell === undefined || cell === null || cell === '';

export const percent = (share: number): string => `${Math.round(share * 100)} %`;

export const counted = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? '' : 's'}`;
