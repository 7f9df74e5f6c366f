import { hash } from 'node:crypto';
import { blobPages, erasedRuns, journalEntries, type LogRow, type Place } from '@baton/event-store';
import { journalHash, journalNamedIn } from '@baton/proof';
import type { Pool } from 'pg';
import type { NamedBlobs } from './named-blobs.js';

/** What is wrong with a blob: each is read, and hashed anew; null where nothing is. */
export async function wrongBlob(pool: Pool, onProgress: (done: number) => void): Promise<string | null> {
  let done = 0;
  for await (const page of blobPages(pool)) {
    for (const { sha256, size, content } of page) {
      const is = hash('sha256', content, 'hex');
      if (is !== sha256) return `the blob ${sha256} is not what was written: its hash is ${is}`;
      if (size !== content.length) return `the blob ${sha256} has ${content.length} bytes, and is said to have ${size}`;
    }
    done += page.length;
    onProgress(done);
  }
  return null;
}

const JOURNALED = Buffer.from('"journaled"');

/** What is wrong with the journals that the results among these events name, or with what these name; null where nothing is. */
export async function wrongJournal(pool: Pool, blobs: NamedBlobs, events: readonly LogRow[]): Promise<string | null> {
  for (const event of events) {
    // Most name none, and no text is made of their bytes.
    const found = event.data.includes(JOURNALED)
      ? await wrongJournalOf(pool, blobs, event, event.data.toString())
      : null;
    if (found !== null) return found;
  }
  return null;
}

/** The same of one event, by its data as JSON text. */
export async function wrongJournalOf(
  pool: Pool,
  blobs: NamedBlobs,
  { runId, version, position }: Place,
  dataText: string,
): Promise<string | null> {
  const journal = journalNamedIn(dataText);
  if (journal === null) return null;
  const rows = await journalEntries(pool, journal.commandId, journal.entries);
  // What was said of somebody whose data was erased is gone with it, all of it.
  if (rows.length === 0 && (await erasedRuns(pool, [runId])).length > 0) return null;
  const place = `run ${runId}, version ${version} (position ${position}): the journal of its task ${journal.commandId}`;
  if (rows.length !== journal.entries)
    return `${place} has ${rows.length} of the ${journal.entries} entries that it had`;
  if (journalHash(rows) !== journal.sha256) return `${place} is not what was written: its hash differs`;
  return blobs.ofJournal({ runId, version, position }, journal.commandId, rows);
}
