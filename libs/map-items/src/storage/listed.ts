import type { Json } from '@baton/contracts';
import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import { mayWorkLater } from '../item-failure.js';

/** Some of what lies in a bucket, each as the language gives it to an item. */
export interface ObjectPage {
  readonly objects: readonly Json[];
  /** With what the next page is asked for; null where this is the last. */
  readonly next: string | null;
}

const Listed = z.object({
  Key: z.string(),
  LastModified: z.string().default(''),
  ETag: z.string().default(''),
  Size: z.string().default('0'),
  StorageClass: z.string().default('STANDARD'),
});
const Answer = z.object({
  ListBucketResult: z.object({
    IsTruncated: z.string().default('false'),
    NextContinuationToken: z.string().optional(),
    EncodingType: z.string().optional(),
    Contents: z.array(Listed).default([]),
  }),
});

const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  // Without it characters that are written as numbers stay as they are: `&#34;e&#34;` for an ETag.
  htmlEntities: true,
  isArray: (name) => name === 'Contents',
});

/** Reads the answer to ListObjectsV2. @throws ItemFailure */
export function listedIn(xml: string): ObjectPage {
  const parsed = Answer.safeParse(readXml(xml));
  if (!parsed.success) throw mayWorkLater('The storage gave no listing that can be read.');
  const { IsTruncated, NextContinuationToken: next, EncodingType, Contents } = parsed.data.ListBucketResult;
  const nameOf = (key: string): string => (EncodingType === 'url' ? decodeKey(key) : key);
  const objects = Contents.map(({ Key, LastModified, ETag, Size, StorageClass }) => ({
    Etag: ETag,
    Key: nameOf(Key),
    LastModified: Math.floor(Date.parse(LastModified) / 1000) || 0,
    Size: Number(Size) || 0,
    StorageClass,
  }));
  return { objects, next: IsTruncated === 'true' ? (next ?? null) : null };
}

function readXml(xml: string): unknown {
  try {
    return parser.parse(xml);
  } catch {
    return null; // Said by whoever looks at the shape.
  }
}

/** Keys may have characters that XML cannot write: they are asked for as in the path of an address. */
function decodeKey(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    return key;
  }
}
