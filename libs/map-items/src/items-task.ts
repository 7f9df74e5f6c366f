import { Json } from '@baton/contracts';
import { z } from 'zod';

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 as 64 hexadecimal digits');

export const ReaderConfig = z.object({
  InputType: z.enum(['CSV', 'JSON', 'JSONL', 'MANIFEST']).optional(),
  MaxItems: z.int().positive().optional(),
  CSVHeaderLocation: z.enum(['FIRST_ROW', 'GIVEN']).optional(),
  CSVHeaders: z.array(z.string()).optional(),
  CSVDelimiter: z.enum(['COMMA', 'PIPE', 'SEMICOLON', 'SPACE', 'TAB']).optional(),
  ItemsPointer: z.string().optional(),
});
export type ReaderConfig = z.infer<typeof ReaderConfig>;

export const WriterConfig = z.object({
  Transformation: z.enum(['NONE', 'COMPACT', 'FLATTEN']).default('NONE'),
  OutputType: z.enum(['JSON', 'JSONL']).default('JSON'),
});
export type WriterConfig = z.infer<typeof WriterConfig>;

const Index = z.int().nonnegative();

export const ReadTask = z.object({
  do: z.literal('read'),
  resource: z.string(),
  arguments: Json,
  config: ReaderConfig.default({}),
  batch: z.int().positive().default(1),
  /** Where the results are to go in the end: it is looked at before anything is read. */
  writer: z.object({ resource: z.string(), arguments: Json }).optional(),
});
export type ReadTask = z.infer<typeof ReadTask>;

const PageTask = z.object({ do: z.literal('page'), items: Sha256, page: Index });

export const WriteTask = z.object({
  do: z.literal('write'),
  resource: z.string(),
  arguments: Json,
  config: WriterConfig.prefault({}),
  mapRun: z.string().regex(/^[\w:-]{1,200}$/),
  succeeded: z.array(z.object({ index: Index, output: Json })),
  failed: z.array(Index),
  items: Sha256.optional(),
});
export type WriteTask = z.infer<typeof WriteTask>;

/** What a Map asks for; see `libs/workflow/src/interpreter/states/map-tasks.ts`. */
export const ItemsTask = z.discriminatedUnion('do', [ReadTask, PageTask, WriteTask]);

/** Where a resource is, as the Arguments of the reader or the writer say it. What is not known is refused: it would not be done. */
export const InBucket = z.strictObject({
  Bucket: z.string(),
  Key: z.string().min(1),
  VersionId: z.string().min(1).optional(),
});
export const ListedInBucket = z.strictObject({ Bucket: z.string(), Prefix: z.string().default('') });
export const InWorkspace = z.strictObject({ Tree: Sha256, Path: z.string() });
export const OfHash = z.strictObject({ Sha256 });
export const IntoBucket = z.strictObject({ Bucket: z.string(), Prefix: z.string().default('') });
export const IntoWorkspace = z.strictObject({ Tree: Sha256.optional(), Prefix: z.string().default('') });
