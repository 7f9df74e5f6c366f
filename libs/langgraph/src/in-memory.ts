import type { CheckpointQuery, CheckpointRecord, Place, StoredWrite, WritesRecord } from './records.js';

/** What follows from the entries of a journal. */
export interface CheckpointsInMemory {
  readonly put: (record: CheckpointRecord) => void;
  readonly putWrites: (record: WritesRecord) => void;
  readonly list: (query: CheckpointQuery) => readonly CheckpointRecord[];
  readonly writesOf: (place: Place) => readonly StoredWrite[];
  readonly deleteThread: (thread: string) => void;
}

interface Thread {
  readonly checkpoints: Map<string, CheckpointRecord>;
  readonly writes: Map<string, Map<string, StoredWrite>>;
}

const keyOf = (...names: readonly (string | number)[]): string => JSON.stringify(names);

export function checkpointsInMemory(): CheckpointsInMemory {
  const threads = new Map<string, Thread>();
  const threadOf = (name: string): Thread => {
    const found = threads.get(name) ?? { checkpoints: new Map(), writes: new Map() };
    threads.set(name, found);
    return found;
  };
  return {
    put: (record) => {
      const { thread, namespace, checkpoint } = record;
      threadOf(thread).checkpoints.set(keyOf(namespace, checkpoint), record);
    },
    putWrites: ({ thread, namespace, checkpoint, task, path, writes }) => {
      const key = keyOf(namespace, checkpoint);
      const all = threadOf(thread).writes;
      const found = all.get(key) ?? new Map<string, StoredWrite>();
      all.set(key, found);
      for (const write of writes) {
        const one = keyOf(task, write.index);
        if (write.index < 0 || !found.has(one)) found.set(one, { ...write, task, path });
      }
    },
    list: ({ thread, namespace, checkpoint, before }) =>
      [...threads]
        .filter(([name]) => thread === null || name === thread)
        .flatMap(([, { checkpoints }]) => [...checkpoints.values()])
        .filter((record) => namespace === null || record.namespace === namespace)
        .filter((record) => checkpoint === null || record.checkpoint === checkpoint)
        .filter((record) => before === null || record.checkpoint < before)
        .sort(
          (a, b) =>
            inOrder(a.thread, b.thread) || inOrder(a.namespace, b.namespace) || inOrder(b.checkpoint, a.checkpoint),
        ),
    writesOf: ({ thread, namespace, checkpoint }) => [
      ...(threads.get(thread)?.writes.get(keyOf(namespace, checkpoint))?.values() ?? []),
    ],
    deleteThread: (thread) => void threads.delete(thread),
  };
}

const inOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
