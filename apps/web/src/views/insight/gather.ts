/*
 * There is a list of decisions and no sum of them, so they are counted here: the newest ones up to a bound that is said beside
 * them.
 */

const MOST = 2_000;

export interface Gathered<T> {
  readonly items: readonly T[];
  /** Whether there are older ones that were not looked at. */
  readonly isCut: boolean;
}

interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** @param ask newest first */
export async function gather<T>(ask: (cursor: string | null) => Promise<Page<T>>, most = MOST): Promise<Gathered<T>> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await ask(cursor);
    items.push(...page.items);
    cursor = page.next;
  } while (cursor !== null && items.length < most);
  return { items: items.slice(0, most), isCut: cursor !== null || items.length > most };
}
