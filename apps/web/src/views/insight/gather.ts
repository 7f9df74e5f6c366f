import { isWithin, type Range } from './range.js';

/*
 * There are lists of runs and decisions and no sums of them, so the sums are made here, of the newest ones up to a bound that is
 * said beside them.
 */

const MOST = 2_000;

export interface Gathered<T> {
  readonly items: readonly T[];
  /** Whether there are older ones in the range that were not looked at. */
  readonly isCut: boolean;
}

interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** @param ask newest first @param atOf when an item was */
export async function gather<T>(
  ask: (cursor: string | null) => Promise<Page<T>>,
  atOf: (item: T) => string,
  range: Range,
  most = MOST,
): Promise<Gathered<T>> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await ask(cursor);
    for (const item of page.items) {
      if (!isWithin(atOf(item), range)) continue;
      if (items.length === most) return { items, isCut: true };
      items.push(item);
    }
    // Newest first: behind one that is older than the range there is nothing of it.
    const last = page.items.at(-1);
    if (last !== undefined && atOf(last).slice(0, 10) < range.since) return { items, isCut: false };
    cursor = page.next;
  } while (cursor !== null);
  return { items, isCut: false };
}
