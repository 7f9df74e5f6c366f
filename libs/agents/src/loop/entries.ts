import { BatonError, Json, JsonObject } from '@baton/contracts';
import { z } from 'zod';

/** One file that a tool made, changed or took away; the content is a blob. */
export const FileChange = z.object({
  path: z.string(),
  /** null: the file is gone. `sha256` as hex; an empty file has size 0 and needs no blob. */
  now: z
    .object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), size: z.int().nonnegative(), isExecutable: z.boolean() })
    .nullable(),
});
export type FileChange = z.infer<typeof FileChange>;

const Usage = z.object({
  inputTokens: z.int().nonnegative(),
  outputTokens: z.int().nonnegative(),
  cacheReadTokens: z.int().nonnegative(),
  cacheWriteTokens: z.int().nonnegative(),
});

/** The model answered. What it called is in `calls`; `content` is sent back as it came. */
export const AnswerEntry = z.object({
  kind: z.literal('answer'),
  text: z.string(),
  content: z.array(JsonObject),
  calls: z.array(z.object({ id: z.string(), name: z.string(), input: Json })),
  stopReason: z.string(),
  model: z.string(),
  usage: Usage,
  requestId: z.string().nullable(),
  /** How long it took, in milliseconds: the clock is read once, when it happens. */
  tookMs: z.number().nonnegative(),
});
export type AnswerEntry = z.infer<typeof AnswerEntry>;

/** What came of one call of a tool: the next one of the newest answer. */
export const OutcomeEntry = z.object({
  kind: z.literal('outcome'),
  callId: z.string(),
  text: z.string(),
  isError: z.boolean(),
  /** What it did to the files. Done again from here when the task comes again: nothing runs twice. */
  changes: z.array(FileChange),
  /** Why it was not executed: its bound was met, or it says what was said before. Absent where it was. */
  heldBack: z.string().optional(),
  /** The accepted answer, where the call handed it in. */
  answer: Json.optional(),
  tookMs: z.number().nonnegative(),
});
export type OutcomeEntry = z.infer<typeof OutcomeEntry>;

/** The model was paid and its answer is of no use: refused, more than its window holds. It ends the task each time it is played. */
export const FailureEntry = z.object({
  kind: z.literal('failure'),
  message: z.string(),
  code: z.string(),
  next: z.string(),
  stopReason: z.string(),
  model: z.string(),
  usage: Usage,
  requestId: z.string().nullable(),
  tookMs: z.number().nonnegative(),
});
export type FailureEntry = z.infer<typeof FailureEntry>;

/** What the journal of a task with tools holds, in the order in which it happened. */
export const Entry = z.discriminatedUnion('kind', [AnswerEntry, OutcomeEntry, FailureEntry]);
export type Entry = z.infer<typeof Entry>;

/** @throws BatonError `journal-unreadable` */
export function readEntry(recorded: Json, index: number): Entry {
  const entry = Entry.safeParse(recorded);
  if (entry.success) return entry.data;
  throw new BatonError(`Entry ${index} of the journal is none of a conversation with tools.`, {
    code: 'journal-unreadable',
    next: 'Check whether another version of Baton wrote to this database.',
    cause: entry.error,
  });
}

/** Our own entries are JSON by their make. */
export const entryJson = (entry: Entry): Json => Json.parse(JSON.parse(JSON.stringify(entry)));
