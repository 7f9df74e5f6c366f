import { BatonError, type Json } from '@baton/contracts';
import { type BlobStore, getFile, getTree } from '@baton/workspace';
import { z } from 'zod';
import { mayWorkLater, quoted, unfit } from '../item-failure.js';
import type { ItemLimits } from '../items-env.js';
import { InBucket, InWorkspace, ListedInBucket, OfHash, type ReadTask } from '../items-task.js';
import type { Pause } from '../storage/put-again.js';
import type { Storage } from '../storage/storage.js';
import { csvItems } from './csv-items.js';
import { inventoryItems, type OpenObject } from './inventory-items.js';
import { jsonItems, jsonLines } from './json-items.js';
import { bounded } from './text-of.js';
import { unpacked } from './unpacked.js';

/** From where items are read. */
export interface ItemSources {
  readonly blobs: BlobStore;
  readonly storage: Storage;
  readonly limits: ItemLimits;
  /** Between two tries to write; absent: it waits. */
  readonly pause?: Pause;
}

type Bytes = AsyncIterable<Uint8Array>;

/** The items that a reader is asked for, as they come. @throws ItemFailure, also while they come */
export async function* openItems(
  { resource, arguments: given, config }: ReadTask,
  sources: ItemSources,
  signal: AbortSignal,
): AsyncGenerator<Json> {
  const { storage, limits } = sources;
  const action = /:s3:(getObject|listObjectsV2)$/.exec(resource)?.[1];
  if (action === 'listObjectsV2') {
    yield* listing(argumentsAs(ListedInBucket, given), storage, signal);
    return;
  }
  // An inventory has many files: what all of them have together is bounded.
  const seen = { bytes: 0 };
  const open: OpenObject = async (bucket, key, version = null) =>
    bounded(await unpacked(await storage.get(bucket, key, version, signal)), limits.bytes, seen);
  const bytes = await bytesOf(resource, action, given, sources, open);
  switch (config.InputType) {
    case 'CSV':
      yield* csvItems(bytes, config, limits);
      return;
    case 'JSONL':
      yield* jsonLines(bytes, limits);
      return;
    case 'JSON':
      yield* jsonItems(bytes, config.ItemsPointer ?? '', limits);
      return;
    case 'MANIFEST':
      yield* inventoryItems(bytes, open, limits);
      return;
    default:
      throw unfit('Nobody said what the items are written in: InputType of ReaderConfig is missing.');
  }
}

async function bytesOf(
  resource: string,
  action: string | undefined,
  given: Json,
  { blobs, limits }: ItemSources,
  open: OpenObject,
): Promise<Bytes> {
  if (action === 'getObject') {
    const { Bucket, Key, VersionId = null } = argumentsAs(InBucket, given);
    return open(Bucket, Key, VersionId);
  }
  if (resource === 'baton:blob') {
    const { Sha256 } = argumentsAs(OfHash, given);
    return once(await blobs.get(Sha256).catch(missing(`a blob ${Sha256}`)), limits);
  }
  if (resource === 'baton:workspace') {
    const { Tree, Path } = argumentsAs(InWorkspace, given);
    const tree = await getTree(blobs, Tree).catch(missing(`a workspace ${Tree}`));
    const file = tree.find(({ path }) => path === Path);
    if (file === undefined) throw unfit(`The workspace has no file ${quoted(Path)}.`);
    return once(await getFile(blobs, file).catch(missing(`the content of ${quoted(Path)}`)), limits);
  }
  throw unfit(`Nothing is read here from ${quoted(resource)}.`);
}

/** What stands in the database is there at once; the same bound holds for it. */
const once = (bytes: Buffer, { bytes: most }: ItemLimits): Bytes => bounded(inPieces(bytes), most);

/** Whoever reads makes texts and rows of a piece at a time, and these are many times as large as the piece. */
async function* inPieces(bytes: Buffer, size = 64 * 1024): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const missing =
  (what: string) =>
  (thrown: unknown): never => {
    const isMissing = thrown instanceof BatonError && ['blob-missing', 'workspace-not-found'].includes(thrown.code);
    throw isMissing ? unfit(`There is not ${what}.`) : thrown;
  };

/** More pages than these are no listing that ends. */
const MOST_PAGES = 100_000;

async function* listing(
  { Bucket, Prefix }: z.infer<typeof ListedInBucket>,
  storage: Storage,
  signal: AbortSignal,
): AsyncGenerator<Json> {
  let after: string | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { objects, next } = await storage.list(Bucket, Prefix, after, signal);
    yield* objects;
    if (next === null || next === after) return;
    after = next;
  }
  throw mayWorkLater('The listing of the storage does not come to its end.');
}

/** @throws ItemFailure where they are others */
export function argumentsAs<S extends z.ZodType>(schema: S, given: Json): z.output<S> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw unfit(`The arguments do not fit: ${z.prettifyError(parsed.error).replaceAll(/\s*\n\s*/g, ' ')}`);
}
