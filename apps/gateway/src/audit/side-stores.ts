import { hash } from 'node:crypto';
import { blobsAfter, erasedRuns, journalEntries, type LogRow } from '@baton/event-store';
import { journalHash } from '@baton/proof';
import type { Pool } from 'pg';
import { z } from 'zod';

/** What is wrong with a blob: each is read, and hashed anew; null where nothing is. */
export async function wrongBlob(pool: Pool, onProgress: (done: number) => void): Promise<string | null> {
  let done = 0;
  for (
    let page = await blobsAfter(pool, '');
    page.length > 0;
    page = await blobsAfter(pool, page.at(-1)?.sha256 ?? '')
  ) {
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

const JOURNALED = Buffer.from('"journaled":{"entries":');
const Journaled = z.object({
  commandId: z.string(),
  journaled: z.object({ entries: z.int(), sha256: z.string() }).optional(),
});

/** What is wrong with the journals that these results name; null where nothing is, or they name none. */
export async function wrongJournal(pool: Pool, events: readonly LogRow[]): Promise<string | null> {
  for (const { data, runId, version, position } of events) {
    if (!data.includes(JOURNALED)) continue;
    // What a worker put out may look the same: only where the event itself says so it is one.
    const { success, data: named } = Journaled.safeParse(JSON.parse(data.toString()));
    if (!success || named.journaled === undefined) continue;
    const { commandId, journaled } = named;
    const rows = await journalEntries(pool, commandId, journaled.entries);
    const place = `run ${runId}, version ${version} (position ${position}): the journal of its task ${commandId}`;
    // What was said of somebody whose data was erased is gone with it, all of it.
    if (rows.length === 0 && (await erasedRuns(pool, [runId])).length > 0) continue;
    if (rows.length !== journaled.entries) {
      return `${place} has ${rows.length} of the ${journaled.entries} entries that it had`;
    }
    if (journalHash(rows) !== journaled.sha256) return `${place} is not what was written: its hash differs`;
  }
  return null;
}
