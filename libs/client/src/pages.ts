interface Page<T> {
  readonly items: readonly T[];
  /** The cursor of what follows; null where nothing does. */
  readonly next: string | null;
}

interface Listing<T> {
  /** Asks for one page. */
  readonly ask: (page: { readonly limit: number; readonly cursor?: string }) => Promise<Page<T>>;
  /** How many are wanted. */
  readonly limit: number;
  /** The cursor from which to go on, as a list before gave it. */
  readonly after?: string | undefined;
  /** How many the gateway gives at once. */
  readonly pageSize: number;
}

/** The first items of a list, page after page, and the cursor of what comes after them. */
export async function listUpTo<T>({ ask, limit, after, pageSize }: Listing<T>): Promise<Page<T>> {
  const items: T[] = [];
  let cursor: string | null = after ?? null;
  do {
    const size = Math.min(pageSize, limit - items.length);
    const page: Page<T> = await ask({ limit: size, ...(cursor === null ? {} : { cursor }) });
    items.push(...page.items);
    cursor = page.next;
  } while (cursor !== null && items.length < limit);
  return { items, next: cursor };
}
