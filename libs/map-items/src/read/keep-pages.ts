import { isNestedWithin, Json } from '@baton/contracts';
import type { BlobStore } from '@baton/workspace';
import { z } from 'zod';
import { unfit } from '../item-failure.js';
import type { ItemLimits } from '../items-env.js';

/** The list of pages: each is a blob with an array of items, and so is this. Its hash stands for all of them. */
const Pages = z.array(z.object({ sha256: z.string(), items: z.int().positive() }));
type Pages = z.infer<typeof Pages>;

export interface KeptItems {
  readonly sha256: string;
  readonly count: number;
  readonly pages: number;
  readonly bytes: number;
}

/**
 * Puts items away as they come, some hundreds in a blob, and no more than one of those is ever in memory.
 *
 * @param most how many are taken; those after them are not looked at
 * @param batch a page has a multiple of these, the last one excepted
 * @throws ItemFailure where there are more, or larger ones, than the limits allow, and what `items` throws
 */
export async function keepPages(
  items: AsyncIterable<Json>,
  blobs: BlobStore,
  { most, batch }: { readonly most: number; readonly batch: number },
  limits: ItemLimits,
): Promise<KeptItems> {
  const pages: Pages = [];
  const [sum, page] = [
    { items: 0, bytes: 0 },
    { texts: [] as string[], bytes: 0 },
  ];
  const flush = async (): Promise<void> => {
    if (page.texts.length === 0) return;
    const { sha256 } = await blobs.put(Buffer.from(`[${page.texts.join(',')}]`));
    pages.push({ sha256, items: page.texts.length });
    [page.texts, page.bytes] = [[], 0];
  };
  for await (const item of items) {
    sum.items += 1;
    if (sum.items > limits.items) throw unfit(tooMany(limits.items));
    const text = textOf(item, sum.items, limits);
    const bytes = Buffer.byteLength(text) + 1;
    const isFull = page.texts.length >= limits.pageItems || page.bytes + bytes > limits.pageBytes;
    if (isFull && page.texts.length % batch === 0) await flush();
    if (page.bytes + bytes > limits.pageBytes * MOST_OF_BATCH) throw unfit(tooLargeBatch(batch));
    page.texts.push(text);
    page.bytes += bytes;
    sum.bytes += bytes;
    // Rows of CSV repeat the names of all columns: a source may grow a thousandfold.
    if (sum.bytes > limits.bytes) throw unfit(tooManyBytes(limits.bytes));
    if (sum.items >= most) break;
  }
  await flush();
  const { sha256 } = await blobs.put(Buffer.from(JSON.stringify(pages)));
  return { sha256, count: sum.items, pages: pages.length, bytes: sum.bytes };
}

/** A page that waits for the end of a batch may be this many times as large as others. */
const MOST_OF_BATCH = 8;

function textOf(item: Json, number: number, { itemBytes }: ItemLimits): string {
  if (!isNestedWithin(item)) throw unfit(`The item ${number} is nested too deeply.`);
  const text = JSON.stringify(item);
  if (Buffer.byteLength(text) > itemBytes) {
    throw unfit(`The item ${number} has more than ${itemBytes} bytes, the most of an item.`);
  }
  return text;
}

const tooMany = (most: number): string =>
  `There are more than ${most} items, the most that are read here: set MaxItems, or BATON_ITEMS_MOST of the deployer.`;

const tooManyBytes = (most: number): string =>
  `The items have more than ${Math.round(most / 1024 / 1024)} MB as JSON, the most that is kept here: set MaxItems, or BATON_ITEMS_MOST_MB of the deployer.`;

const tooLargeBatch = (batch: number): string =>
  `${batch} items are too large for one batch: set a smaller MaxItemsPerBatch.`;

/** The items of one page. @throws ItemFailure where there is none */
export async function pageOf(blobs: BlobStore, list: string, page: number): Promise<Json> {
  const pages = await pagesOf(blobs, list);
  const found = pages[page];
  if (found === undefined) throw unfit(`There is no page ${page} of these items.`);
  return JSON.parse((await blobs.get(found.sha256)).toString('utf8'));
}

/** Items by their numbers from 0, in order, one page after the other. */
export async function* itemsOf(blobs: BlobStore, list: string): AsyncGenerator<Json> {
  for (const { sha256 } of await pagesOf(blobs, list)) {
    yield* z.array(Json).parse(JSON.parse((await blobs.get(sha256)).toString('utf8')));
  }
}

async function pagesOf(blobs: BlobStore, list: string): Promise<Pages> {
  const parsed = Pages.safeParse(readJson((await blobs.get(list)).toString('utf8')));
  if (parsed.success) return parsed.data;
  throw unfit('What names the items is no list of pages.');
}

function readJson(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return null; // Said by whoever looks at the shape.
  }
}
