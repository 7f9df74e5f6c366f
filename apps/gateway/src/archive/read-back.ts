import { BatonError, type RunId, toError } from '@baton/contracts';
import {
  archivedAmong,
  beginRestore,
  finishRestore,
  forgetArchive,
  inTransaction,
  restoreBlob,
  restoreEvents,
  restoreJournal,
  type StoredArchive,
} from '@baton/event-store';
import { BundleHead, BundleRecord } from '@baton/proof';
import { foldRuns } from '@baton/read-model';
import type { PoolClient } from 'pg';
import type { ArchiveParts } from './archive-parts.js';

/** A run that was read back stays for so long, whether or not it is asked for again. */
const STAYS_SECONDS = 86_400;
const EVENTS_AT_ONCE = 500;
const JOURNAL_AT_ONCE = 50;

/** Brings runs back from archives, each once however many ask for it. */
export function openReadBack(parts: ArchiveParts): (runId: RunId) => Promise<boolean> {
  const under = new Map<string, Promise<void>>();
  // One at a time: each has a connection, and what they wait for is the same.
  let last: Promise<void> = Promise.resolve();
  /** @returns false where the run is in no archive */
  return async (runId) => {
    const [run] = await archivedAmong(parts.audit.pool, [runId]);
    if (run === undefined) return false;
    const { archiveId } = run;
    const known = under.get(archiveId);
    const restored = known ?? last.then(() => restore(parts, archiveId)).finally(() => under.delete(archiveId));
    if (known === undefined) {
      under.set(archiveId, restored);
      last = restored.catch(() => {});
    }
    await restored;
    return true;
  };
}

/** All in one transaction: the runs are back with all that they had, or as they were. */
async function restore(parts: ArchiveParts, archiveId: string): Promise<void> {
  const { folder, log } = parts;
  const archive = await inTransaction(parts.audit.pool, async (client) => {
    const begun = await beginRestore(client, archiveId);
    // Somebody else has brought it back meanwhile.
    if (begun === null) return null;
    if (begun.isCleared) await takeLines(client, begun, folder.lines(begun));
    const runIds = await finishRestore(client, archiveId, STAYS_SECONDS);
    await foldRuns(client, runIds);
    log.info({ runs: runIds.length, archive: begun.name }, 'runs were read back from an archive');
    return begun;
  });
  if (archive === null) return;
  try {
    await folder.remove(archive.name);
    await forgetArchive(parts.audit.pool, archiveId);
  } catch (thrown) {
    log.warn({ err: toError(thrown) }, 'an archive that was read back is removed later');
  }
}

async function takeLines(client: PoolClient, archive: StoredArchive, lines: AsyncIterable<string>): Promise<void> {
  const { archiveId, name } = archive;
  const events = batched<Parameters<typeof restoreEvents>[2][number]>(EVENTS_AT_ONCE, (batch) =>
    restoreEvents(client, archiveId, batch),
  );
  const journal = batched<Parameters<typeof restoreJournal>[2][number]>(JOURNAL_AT_ONCE, (batch) =>
    restoreJournal(client, archiveId, batch),
  );
  let isHead = true;
  for await (const line of lines) {
    if (isHead) parsed(BundleHead, line, name);
    else {
      const record = parsed(BundleRecord, line, name);
      if ('event' in record) await events.add(record.event);
      else if ('journal' in record) await journal.add(record.journal);
      else if ('blob' in record) await restoreBlob(client, Buffer.from(record.blob.content, 'base64'));
    }
    isHead = false;
  }
  await events.end();
  await journal.end();
}

function batched<T>(size: number, write: (batch: readonly T[]) => Promise<void>) {
  let batch: T[] = [];
  const end = async (): Promise<void> => {
    if (batch.length > 0) await write(batch);
    batch = [];
  };
  return {
    end,
    add: async (item: T): Promise<void> => {
      batch.push(item);
      if (batch.length >= size) await end();
    },
  };
}

function parsed<T>(
  shape: { readonly safeParse: (value: unknown) => { readonly success: boolean; readonly data?: T } },
  line: string,
  name: string,
): T {
  const { data } = shape.safeParse(asJson(line));
  if (data !== undefined) return data;
  throw new BatonError(`The archive ${name} has a line that is none of a bundle.`, {
    code: 'archive-corrupt',
    next: 'Put the file back from a copy.',
  });
}

function asJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
