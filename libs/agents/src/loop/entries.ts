import { BatonError, ConversationEntry, Json } from '@baton/contracts';

/** @throws BatonError `journal-unreadable` */
export function readEntry(recorded: Json, index: number): ConversationEntry {
  const entry = ConversationEntry.safeParse(recorded);
  if (entry.success) return entry.data;
  throw new BatonError(`Entry ${index} of the journal is none of a conversation with tools.`, {
    code: 'journal-unreadable',
    next: 'Check whether another version of Baton wrote to this database.',
    cause: entry.error,
  });
}

/** Our own entries are JSON by their make. */
export const entryJson = (entry: ConversationEntry): Json => Json.parse(JSON.parse(JSON.stringify(entry)));
