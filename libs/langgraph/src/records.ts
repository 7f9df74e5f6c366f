import { z } from 'zod';
import { StoredValue } from './stored-value.js';

const Place = { thread: z.string(), namespace: z.string(), checkpoint: z.string() };

/** What a graph was after one of its steps. It names all of its values, those that it took over from the step before, too. */
export const CheckpointRecord = z.object({
  ...Place,
  /** The checkpoint that it was made from; null for the first. */
  parent: z.string().nullable(),
  /** How it came about, in the words of LangGraph (`input`, `loop`, …), and which step it was. */
  source: z.string(),
  step: z.int(),
  /** All of it but the values of its channels. */
  head: StoredValue,
  /** By channel, with the version that each of them has. In pairs, since a channel may be called anything. */
  values: z.array(z.tuple([z.string(), z.union([z.string(), z.number()]), StoredValue])),
  metadata: StoredValue,
});
export type CheckpointRecord = z.infer<typeof CheckpointRecord>;

const Write = z.object({ index: z.int(), channel: z.string(), value: StoredValue });

/** What a task of a graph has written since a checkpoint. */
export const WritesRecord = z.object({ ...Place, task: z.string(), path: z.string(), writes: z.array(Write) });
export type WritesRecord = z.infer<typeof WritesRecord>;

/** One write as it is read back. */
export type StoredWrite = z.infer<typeof Write> & Pick<WritesRecord, 'task' | 'path'>;

export type Place = Pick<CheckpointRecord, 'thread' | 'namespace' | 'checkpoint'>;

/** Which checkpoints are looked for; null: whichever. */
export interface CheckpointQuery {
  readonly thread: string | null;
  readonly namespace: string | null;
  readonly checkpoint: string | null;
  /** Those made before this one. */
  readonly before: string | null;
}

/** Where checkpoints are kept: in the journal of a task, or in the database for themselves. */
export interface CheckpointStore {
  readonly put: (record: CheckpointRecord) => Promise<void>;
  /** The first write of an index stands; of one below 0 the newest does. */
  readonly putWrites: (record: WritesRecord) => Promise<void>;
  /** Those of a thread and namespace together, the newest first. */
  readonly list: (query: CheckpointQuery) => AsyncIterable<CheckpointRecord>;
  readonly writesOf: (place: Place) => Promise<readonly StoredWrite[]>;
  readonly deleteThread: (thread: string) => Promise<void>;
}
