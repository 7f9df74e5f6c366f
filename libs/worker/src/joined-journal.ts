import type { JournalPart, Json } from '@baton/contracts';

/** What is noted of one task: entries from 0 on. */
export interface TaskJournal {
  readonly read: (index: number) => Promise<Json | null>;
  readonly write: (index: number, entry: Json) => Promise<void>;
}

/** How many entries the tasks before have noted together. */
export const entriesBefore = (parts: readonly JournalPart[]): number =>
  parts.reduce((sum, { entries }) => sum + entries, 0);

/**
 * The journals of the tasks before as far as they count, and then the task's own: one journal for whoever goes on with it. What
 * was noted before is only read.
 */
export function joinedJournal(
  parts: readonly JournalPart[],
  own: TaskJournal,
  readBefore: (earlier: string, index: number) => Promise<Json | null>,
): TaskJournal {
  if (parts.length === 0) return own;
  const before = entriesBefore(parts);
  return {
    read: async (index) => {
      let at = index;
      for (const { commandId, entries } of parts) {
        if (at < entries) return readBefore(commandId, at);
        at -= entries;
      }
      return own.read(at);
    },
    write: async (index, entry) => {
      // It stands there since the task before, word for word.
      if (index < before) return;
      await own.write(index - before, entry);
    },
  };
}
