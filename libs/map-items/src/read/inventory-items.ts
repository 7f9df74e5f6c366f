import type { Json, JsonObject } from '@baton/contracts';
import { z } from 'zod';
import { unfit } from '../item-failure.js';
import type { ItemLimits } from '../items-env.js';
import { csvItems } from './csv-items.js';
import { textOf } from './text-of.js';

/** The manifest of an S3 inventory, as far as it is needed. */
const Manifest = z.object({
  destinationBucket: z.string(),
  fileFormat: z.string(),
  fileSchema: z.string(),
  files: z.array(z.object({ key: z.string().min(1) })),
});

/** Opens an object, unpacked. */
export type OpenObject = (bucket: string, key: string, version?: string | null) => Promise<AsyncIterable<Uint8Array>>;

/** What the files of an inventory list, one after the other: each row an object by the names of its schema. */
export async function* inventoryItems(
  bytes: AsyncIterable<Uint8Array>,
  open: OpenObject,
  limits: Pick<ItemLimits, 'itemBytes' | 'jsonBytes'>,
): AsyncGenerator<JsonObject> {
  const { destinationBucket, fileFormat, fileSchema, files } = await manifestIn(bytes, limits);
  if (fileFormat !== 'CSV')
    throw unfit('The inventory is not written in CSV, which is what is read of inventories here.');
  const CSVHeaders = fileSchema.split(',').map((name) => name.trim());
  const bucket = destinationBucket.replace(/^arn:[^:]+:s3:::/, '');
  for (const { key } of files) {
    yield* csvItems(await open(bucket, key), { CSVHeaderLocation: 'GIVEN', CSVHeaders }, limits);
  }
}

async function manifestIn(
  bytes: AsyncIterable<Uint8Array>,
  { jsonBytes }: Pick<ItemLimits, 'jsonBytes'>,
): Promise<z.infer<typeof Manifest>> {
  let text = '';
  for await (const part of textOf(bytes)) {
    text += part;
    if (text.length > jsonBytes) throw unfit('The manifest is larger than any that is read here.');
  }
  const manifest = Manifest.safeParse(readJson(text));
  if (manifest.success) return manifest.data;
  throw unfit('What is to be read is no manifest of an S3 inventory.');
}

function readJson(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return null; // Said by whoever looks at the shape.
  }
}
