import { Json, type RunId } from '@baton/contracts';
import {
  blobPages,
  checkpointsBefore,
  erasedRuns,
  getBytes,
  hashesIn,
  journalEntries,
  journaledCommands,
  logHead,
  nestedRuns,
  personalKeyStore,
  readLog,
  readStream,
  type StoredEvent,
  streamEnd,
} from '@baton/event-store';
import { mayHoldSealed, Sealer } from '@baton/personal-data';
import {
  BUNDLE_FORMAT,
  type BundleHead,
  type BundleRecord,
  journalNamedIn,
  keyChain,
  openCheckpoint,
  parseVerifierKey,
} from '@baton/proof';
import type { Pool } from 'pg';
import { storedTree } from '../checkpoints/tree-growth.js';
import type { GatewayParts } from '../parts/parts.js';
import { type Latest, latestCovering, toBase64 } from './prove.js';

/** Events read at once. */
const PAGE = 500;
/** Of all checkpoints before, the newest so many are proven to be the beginning of the last one. */
const EARLIER = 16;

type Parts = Pick<GatewayParts, 'audit' | 'checkpointer'>;

/**
 * The lines of a bundle: of one run with the runs that it asked for, or of the whole log. All events that there are when it
 * begins are signed before the first line.
 *
 * @throws as latestCovering, before the first line
 */
export async function exportBundle(parts: Parts, runId: RunId | null): Promise<AsyncGenerator<string>> {
  const { pool } = parts.audit;
  if (runId !== null) return bundleOf(parts, [runId, ...(await nestedRuns(pool, runId))], { everyJournal: false });
  return lines(parts, null, await latestCovering(parts, await logHead(pool)), false);
}

/**
 * The same of runs that are named.
 *
 * @param everyJournal what was said in tasks that gave no result is in it, too: nothing proves that, and whoever reads the runs
 *   back wants it
 */
export async function bundleOf(
  parts: Parts,
  runs: readonly RunId[],
  { everyJournal }: { readonly everyJournal: boolean },
): Promise<AsyncGenerator<string>> {
  let end = 0;
  for (const id of runs) end = Math.max(end, await streamEnd(parts.audit.pool, id));
  return lines(parts, runs, await latestCovering(parts, end), everyJournal);
}

async function* lines(
  { audit: { pool } }: Parts,
  runs: readonly RunId[] | null,
  latest: Latest,
  everyJournal: boolean,
): AsyncGenerator<string> {
  yield line(await headOf(pool, runs, latest));
  const named = new Named(runs !== null);
  const sealer = new Sealer(personalKeyStore(pool));
  const tree = storedTree(pool);
  for await (const event of runs === null ? allEvents(pool, latest.size) : eventsOf(pool, runs, latest.size)) {
    if (typeof event === 'number') {
      named.archived += 1;
      yield line({ archived: { position: event, leaf: toBase64(await tree.leaf(event - 1)) } });
      continue;
    }
    named.note(event);
    await named.noteSealed(event, sealer);
    const { document: _, actor: __, leafHash: ___, ...columns } = event;
    const path = runs === null ? {} : { path: (await tree.inclusion(event.position - 1, latest.size)).map(toBase64) };
    yield line({ event: { ...columns, ...path } });
  }
  for (const runId of everyJournal ? (runs ?? []) : []) {
    for (const { commandId, entries } of await journaledCommands(pool, runId)) {
      if (!named.journals.has(commandId)) named.journals.set(commandId, entries);
    }
  }
  yield* content(pool, named, runs === null ? allBlobs(pool) : blobsNamed(pool, named.hashes));
}

/** What events name, and how many there are. */
class Named {
  /** @param hasHashes whether blobs are looked for by name; all of them are given otherwise */
  constructor(private readonly hasHashes: boolean) {}

  events = 0;
  archived = 0;
  readonly documents = new Map<string, string>();
  /** How many entries of the journal of each command. */
  readonly journals = new Map<string, number>();
  readonly hashes = new Set<string>();

  note({ document, dataText }: StoredEvent): void {
    this.events += 1;
    if (document !== undefined) this.documents.set(document.sha256, document.text);
    const journal = journalNamedIn(dataText);
    if (journal !== null) this.journals.set(journal.commandId, journal.entries);
    this.noteHashes(dataText);
  }

  /** A file may be named in what is sealed, and nowhere else. */
  async noteSealed({ dataText, runId }: StoredEvent, sealer: Sealer): Promise<void> {
    if (!this.hasHashes || !mayHoldSealed(dataText)) return;
    this.noteHashes(JSON.stringify(await sealer.opened(Json.parse(JSON.parse(dataText)), runId)));
  }

  noteHashes(text: string): void {
    if (!this.hasHashes) return;
    for (const sha256 of hashesIn(text)) this.hashes.add(sha256);
  }
}

/** What the events name, and the end that counts all of it. */
async function* content(
  pool: Pool,
  given: Named,
  blobs: AsyncIterable<{ readonly sha256: string; readonly content: Buffer }>,
): AsyncGenerator<string> {
  const counts = { events: given.events, documents: 0, journal: 0, blobs: 0, archived: given.archived };
  for (const [sha256, text] of given.documents) {
    counts.documents += 1;
    yield line({ document: { sha256, text } });
  }
  for (const [commandId, entries] of given.journals) {
    for (const row of await journalEntries(pool, commandId, entries)) {
      counts.journal += 1;
      // What tools wrote and what was shown stands here alone. Blobs are looked for when all journals were read.
      given.noteHashes(row.text);
      yield line({ journal: { commandId, ...row } });
    }
  }
  for await (const { sha256, content } of blobs) {
    counts.blobs += 1;
    yield line({ blob: { sha256, content: content.toString('base64') } });
  }
  yield line({ end: counts });
}

const line = (record: BundleHead | BundleRecord): string => `${JSON.stringify(record)}\n`;

async function headOf(pool: Pool, runs: readonly RunId[] | null, latest: Latest): Promise<BundleHead> {
  const chain = keyChain(parseVerifierKey(latest.key), latest.rotations);
  const made = await checkpointsBefore(pool, latest.size, EARLIER);
  const tree = storedTree(pool);
  const earlier = made.map(async ({ note }) => {
    const { size } = openCheckpoint(note, chain);
    return { checkpoint: note, path: (await tree.consistency(size, latest.size)).map(toBase64) };
  });
  return {
    format: BUNDLE_FORMAT,
    origin: latest.origin,
    checkpoint: latest.note,
    key: latest.key,
    rotations: [...latest.rotations],
    runs: runs === null ? null : [...runs],
    erased: [...(await erasedRuns(pool, runs))],
    earlier: await Promise.all(earlier),
  };
}

/** All events, and the positions of those that are in archives in their place. */
async function* allEvents(pool: Pool, size: number): AsyncGenerator<StoredEvent | number> {
  for (let after = 0; after < size; ) {
    const page = await readLog(pool, { afterPosition: after, limit: Math.min(PAGE, size - after) });
    const signed = page.filter(({ position }) => position <= size);
    for (const event of signed) {
      for (after += 1; after < event.position; after += 1) yield after;
      yield event;
    }
    if (signed.length > 0) continue;
    for (after += 1; after <= size; after += 1) yield after;
  }
}

async function* eventsOf(pool: Pool, runs: readonly RunId[], size: number): AsyncGenerator<StoredEvent> {
  for (const runId of runs) {
    for (let version = 1, isMore = true; isMore; ) {
      const page = await readStream(pool, runId, { fromVersion: version, limit: PAGE });
      // What came after the checkpoint is not signed yet.
      yield* page.filter(({ position }) => position <= size);
      version += page.length;
      isMore = page.length === PAGE;
    }
  }
}

async function* allBlobs(pool: Pool) {
  for await (const page of blobPages(pool)) yield* page;
}

/** What JSON begins with that may name others: a text, a list, an object. As the search for blobs has it. */
const NAMING = [0x22, 0x5b, 0x7b];

/** Blobs that hashes name, and those that these name in turn: a tree names its files. What is named and is no blob is passed over. */
async function* blobsNamed(pool: Pool, named: ReadonlySet<string>) {
  const seen = new Set(named);
  const queue = [...named];
  for (let sha256 = queue.pop(); sha256 !== undefined; sha256 = queue.pop()) {
    const content = await getBytes(pool, sha256).catch((thrown: unknown) => {
      if (thrown instanceof Error && 'code' in thrown && thrown.code === 'blob-missing') return null;
      throw thrown;
    });
    if (content === null) continue;
    yield { sha256, content };
    if (!NAMING.includes(content[0] ?? 0)) continue;
    for (const next of hashesIn(content.toString('utf8'))) {
      if (seen.has(next)) continue;
      seen.add(next);
      queue.push(next);
    }
  }
}
