import { Json } from '@baton/contracts';
import { Map as PersistentMap } from 'immutable';
import { z } from 'zod';

/** How far a Map is. */
export interface MapProgress {
  /** Those that the state's own data gave; none where they are read from elsewhere. */
  readonly items: readonly Json[];
  /** Their names, where the items are the members of an object. */
  readonly keys?: readonly string[] | undefined;
  /** There where the items are read from elsewhere. */
  readonly source?: MapSource | undefined;
  readonly maxConcurrency: number;
  readonly toleratedCount: number | null;
  readonly toleratedPercentage: number | null;
  /** How many frames have begun, each for an item or a batch; they begin in order. */
  readonly begun: number;
  /** How many failed and were tolerated. */
  readonly failed: number;
}

/** Items that a worker read, and keeps as blobs of some hundreds each: pages. The log holds no more of them than was worked on. */
export interface MapSource {
  /** The SHA-256 (hex) of the list of pages. */
  readonly sha256: string;
  readonly count: number;
  readonly pages: number;
  /** How many pages have come. */
  readonly page: number;
  /** The items of the newest one, and how many of them have begun. */
  readonly held: readonly Json[];
  readonly taken: number;
  /** What the frames are about that run, by their number. */
  readonly running: PersistentMap<number, Running>;
  /** How many items the failed frames had. */
  readonly failedItems: number;
  /** How many items the frames have that began, where these are batches; absent also in copies of before it was counted. */
  readonly begunItems?: number | undefined;
}

interface Running {
  readonly item: Json;
  /** How many items it stands for: more than one for a batch. */
  readonly items: number;
}

/** What a worker tells of items that it has read. */
export const ReadItems = z.object({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  count: z.int().nonnegative(),
  pages: z.int().nonnegative(),
});

/** The source as it is at first. */
export const sourceOf = ({ sha256, count, pages }: z.infer<typeof ReadItems>): MapSource => ({
  ...{ sha256, count, pages, page: 0, held: [], taken: 0, running: PersistentMap(), failedItems: 0 },
});

/** How many items there are. */
export const itemCount = ({ items, source }: MapProgress): number => source?.count ?? items.length;

/** How many frames there will be, as far as is known: one for each batch that began, and for each item that has not. */
export function frameCount(map: MapProgress | z.infer<typeof CopiedProgress>): number {
  const { items, source, begun } = map;
  return source === undefined ? items.length : begun + source.count - (source.begunItems ?? begun);
}

/** Whether an item is there that has not begun. */
export const hasNext = ({ items, source, begun }: MapProgress): boolean =>
  source === undefined ? begun < items.length : source.taken < source.held.length;

/** Whether a page is still to come. */
export const hasPageLeft = ({ source }: MapProgress): boolean => source !== undefined && source.page < source.pages;

const Count = z.int().nonnegative();
const CopiedSource = z.object({
  ...ReadItems.shape,
  page: Count,
  held: z.array(Json),
  taken: Count,
  running: z.array(z.object({ branch: Count, item: Json, items: Count })),
  failedItems: Count,
  begunItems: Count.optional(),
});

/** The same in a copy of the state that an event holds. */
export const CopiedProgress = z.object({
  keys: z.array(z.string()).optional(),
  items: z.array(Json),
  source: CopiedSource.optional(),
  maxConcurrency: Count,
  toleratedCount: Count.nullable(),
  toleratedPercentage: z.number().nullable(),
  begun: Count,
  failed: Count,
});

export function fromCopy(copied: z.infer<typeof CopiedProgress> | null): MapProgress | null {
  if (copied === null) return null;
  const { source, ...rest } = copied;
  if (source === undefined) return rest;
  const running = PersistentMap(source.running.map(({ branch, ...about }) => [branch, about]));
  return { ...rest, source: { ...source, running } };
}

/** As it stands in a copy, with members in a fixed order. */
export function toCopy(map: MapProgress | null): object | null {
  if (map?.source === undefined) return map;
  const running = [...map.source.running.entries()].sort(([a], [b]) => a - b);
  return { ...map, source: { ...map.source, running: running.map(([branch, about]) => ({ branch, ...about })) } };
}
