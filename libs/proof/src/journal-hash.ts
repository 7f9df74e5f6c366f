import { createHash } from 'node:crypto';
import { z } from 'zod';

/** What a result says of the journal of its task: how many entries it had, and their `journalHash`. */
export interface NamedJournal {
  readonly commandId: string;
  readonly entries: number;
  readonly sha256: string;
}

const Result = z.object({
  commandId: z.string(),
  journaled: z.object({ entries: z.int(), sha256: z.string() }).optional(),
});

/** Of an event's data as JSON text; null where it names no journal. What a worker put out may look the same, and does not count. */
export function journalNamedIn(dataText: string): NamedJournal | null {
  if (!dataText.includes('"journaled":{"entries":')) return null;
  const { success, data } = Result.safeParse(JSON.parse(dataText));
  return success && data.journaled !== undefined ? { commandId: data.commandId, ...data.journaled } : null;
}

/**
 * The hash of the first entries of a journal, which the result of its task names: SHA-256 over each entry's index, the length
 * of its JSON text in bytes (four bytes each, big endian), and the text.
 *
 * @returns hexadecimal
 */
export function journalHash(entries: readonly { readonly callIndex: number; readonly text: string }[]): string {
  const hash = createHash('sha256');
  for (const { callIndex, text } of entries) {
    const frame = Buffer.alloc(8);
    frame.writeInt32BE(callIndex, 0);
    frame.writeInt32BE(Buffer.byteLength(text), 4);
    hash.update(frame).update(text, 'utf8');
  }
  return hash.digest('hex');
}
