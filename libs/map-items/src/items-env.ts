import { CountVariable, type EnvSource, readEnv } from '@baton/service-kit';
import { WorkerEnv } from '@baton/worker';
import { z } from 'zod';

const isUrl = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

const Buckets = z
  .string()
  .default('')
  .transform((text) => text.split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()])))
  .refine((names) => names.every(isBucket), 'expected names of buckets, between commas');

/** The name of a bucket, as every server that speaks S3 takes it: nothing in it changes an address. */
export function isBucket(name: string): boolean {
  return /^[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*$/.test(name) && name.length >= 3 && name.length <= 63;
}

/** What the operator says of items of Maps that are read from elsewhere, and of results that are written there. */
export const ItemsEnv = z.object({
  ...WorkerEnv.shape,
  /** A server that speaks S3; Amazon's where it is not given. */
  BATON_S3_ENDPOINT: z.string().refine(isUrl, 'expected a URL such as https://s3.example.com').optional(),
  BATON_S3_REGION: z
    .string()
    .regex(/^[a-z0-9-]+$/, 'expected a region such as eu-central-1')
    .default('us-east-1'),
  BATON_S3_ACCESS_KEY_ID: z.string().optional(),
  BATON_S3_SECRET_ACCESS_KEY: z.string().optional(),
  BATON_S3_SESSION_TOKEN: z.string().optional(),
  /** The only buckets that are read from; without them none. */
  BATON_S3_BUCKETS: Buckets,
  /** The only ones that are written to. */
  BATON_S3_WRITABLE_BUCKETS: Buckets,
  /** The most items of a Map that are read from elsewhere. */
  BATON_ITEMS_MOST: CountVariable.default(100_000),
  /** The most megabytes that are read for them. */
  BATON_ITEMS_MOST_MB: CountVariable.default(256),
});
export type ItemsEnv = z.output<typeof ItemsEnv>;

/** Throws `invalid-environment`. */
export const readItemsEnv = (source: EnvSource = process.env): ItemsEnv => readEnv(ItemsEnv, source);

export interface ItemLimits {
  readonly items: number;
  /** Of what is read, unpacked. */
  readonly bytes: number;
  /** Of one item, as JSON: as the service has it that the language comes from. */
  readonly itemBytes: number;
  /** Of a page, as JSON; one of a single item may be larger. */
  readonly pageBytes: number;
  readonly pageItems: number;
  /** Of JSON that is no JSONL: it is read as a whole. */
  readonly jsonBytes: number;
}

const KIB = 1024;
const MIB = 1024 * KIB;

export const DEFAULT_LIMITS: ItemLimits = {
  ...{ items: 100_000, bytes: 256 * MIB, itemBytes: 256 * KIB, pageBytes: 128 * KIB, pageItems: 500 },
  jsonBytes: 32 * MIB,
};

export const limitsOf = ({ BATON_ITEMS_MOST, BATON_ITEMS_MOST_MB }: ItemsEnv): ItemLimits => ({
  ...DEFAULT_LIMITS,
  items: BATON_ITEMS_MOST,
  bytes: BATON_ITEMS_MOST_MB * MIB,
});
