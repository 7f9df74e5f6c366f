import type { z } from 'zod';
import type { Gateway } from './gateway.js';

interface Listing<S extends z.ZodType<{ readonly next?: string | null | undefined }>, T> {
  readonly path: string;
  readonly schema: S;
  /** The items of a page. */
  readonly itemsOf: (page: z.infer<S>) => readonly T[];
  /** Parameters beside the page; one that is undefined is left out. */
  readonly filters?: readonly (readonly [string, string | undefined])[];
  /** How many are wanted. */
  readonly limit: number;
  /** The cursor from which to go on, as a list before gave it. */
  readonly after?: string | undefined;
  /** How many the gateway gives at once. */
  readonly pageSize: number;
  readonly signal: AbortSignal;
}

/** The first items of a list, page after page, and the cursor of what comes after them; null where nothing does. */
export async function listUpTo<S extends z.ZodType<{ readonly next?: string | null | undefined }>, T>(
  gateway: Gateway,
  { path, schema, itemsOf, filters = [], limit, after, pageSize, signal }: Listing<S, T>,
): Promise<{ readonly items: readonly T[]; readonly next: string | null }> {
  const items: T[] = [];
  let cursor: string | null = after ?? null;
  do {
    const query = new URLSearchParams();
    for (const [name, value] of filters) if (value !== undefined) query.append(name, value);
    query.set('limit', String(Math.min(pageSize, limit - items.length)));
    if (cursor !== null) query.set('cursor', cursor);
    const page: z.infer<S> = await gateway.get({ path: `${path}?${query}`, schema, signal });
    items.push(...itemsOf(page));
    cursor = page.next ?? null;
  } while (cursor !== null && items.length < limit);
  return { items, next: cursor };
}
