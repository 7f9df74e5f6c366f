import { BatonError } from '@baton/contracts';
import type { RunnableConfig } from '@langchain/core/runnables';
import { type Checkpoint, type CheckpointMetadata, getCheckpointId } from '@langchain/langgraph-checkpoint';
import { z } from 'zod';
import type { Place } from './records.js';

/** Together they are the key of a row, which has a bound. */
const MOST_BYTES = { thread: 500, namespace: 1_000, checkpoint: 100, task: 100 } as const;

const refused = (sentence: string, next: string): BatonError => new BatonError(sentence, { code: 'graph-place', next });

function checked(what: keyof typeof MOST_BYTES, value: unknown): string {
  const isFit =
    typeof value === 'string' &&
    Buffer.byteLength(value) <= MOST_BYTES[what] &&
    value.isWellFormed() &&
    !value.includes('\0');
  if (isFit) return value;
  throw refused(`This cannot be the ${what} of a graph.`, `Give a text of at most ${MOST_BYTES[what]} bytes.`);
}

/** The thread of a configuration; null where it says none. */
export function threadOf({ configurable }: RunnableConfig): string | null {
  const given: unknown = configurable?.thread_id;
  return given === undefined || given === null ? null : checked('thread', given);
}

export function namespaceOf({ configurable }: RunnableConfig): string | null {
  const given: unknown = configurable?.checkpoint_ns;
  return given === undefined || given === null ? null : checked('namespace', given);
}

export function checkpointOf(config: RunnableConfig): string | null {
  const given: unknown = config.configurable === undefined ? '' : getCheckpointId(config);
  return given === '' ? null : checked('checkpoint', given);
}

/** @throws BatonError `graph-place` */
export function placeFor(thread: string | null, namespace: string, checkpoint: string | null): Place {
  if (thread === null) throw refused('A graph says no thread.', 'Give `configurable: { thread_id }`.');
  if (checkpoint === null) throw refused('What was written belongs to no checkpoint.', 'Give its `checkpoint_id`.');
  return { thread, namespace, checkpoint: checked('checkpoint', checkpoint) };
}

export const taskOf = (given: string): string => checked('task', given);

export const configOf = ({ thread, namespace, checkpoint }: Place): RunnableConfig => ({
  configurable: { thread_id: thread, checkpoint_ns: namespace, checkpoint_id: checkpoint },
});

const Head = z.looseObject({ v: z.number(), id: z.string(), channel_versions: z.record(z.string(), z.unknown()) });

/** Our own records, written by a serializer of LangGraph: who has another one than whoever wrote them is told here. */
export function checkpointIn(value: unknown): Checkpoint {
  Head.parse(value);
  return value as Checkpoint;
}

export function metadataIn(value: unknown): CheckpointMetadata {
  z.looseObject({ source: z.string() }).parse(value);
  return value as CheckpointMetadata;
}
