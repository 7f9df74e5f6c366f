import { hash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { toError } from '@baton/contracts';
import { z } from 'zod';
import { eventHash } from '../event-hash.js';
import { journalHash, journalNamedIn } from '../journal-hash.js';
import { openCheckpoint } from '../notes/checkpoint.js';
import { parseVerifierKey, type VerifierKey } from '../notes/note-keys.js';
import { keyChain } from '../notes/rotation.js';
import { isConsistent, rootByInclusion } from '../tree/check-proofs.js';
import { growTree } from '../tree/growing-tree.js';
import { leafOf } from '../tree/hashes.js';
import { type BundleEvent, BundleHead, BundleRecord } from './records.js';

export interface BundleVerdict {
  readonly verified: boolean;
  /** The first thing that is wrong. */
  readonly problem: string | null;
  readonly origin: string;
  /** The key that the checkpoint was opened with. */
  readonly key: string;
  /** Events that the log had at the checkpoint. */
  readonly size: number;
  readonly events: number;
  readonly runs: number;
  readonly blobs: number;
  /** Events of which only the leaf in the tree is here: archives have them. */
  readonly archived: number;
}

const NAMED_DOCUMENT = /^\{"documentSha256":"([0-9a-f]{64})"/;

/**
 * Checks a bundle by itself.
 *
 * @param lines of the file
 * @param trusted the key that is known to be the log's; without one the bundle's own is taken, and the verdict proves no more
 *   than that whoever holds that key signed it
 * @param onEvent sees each event that is what was signed
 */
export async function verifyBundle(
  lines: AsyncIterable<string> | Iterable<string>,
  trusted: VerifierKey | null,
  onEvent: (event: BundleEvent) => void = () => {},
): Promise<BundleVerdict> {
  let [events, blobs, runs, archived] = [0, 0, 0, 0];
  let [origin, key, size] = ['', trusted?.text ?? '', 0];
  const verdict = (problem: string | null): BundleVerdict => ({
    verified: problem === null,
    problem,
    origin,
    key,
    size,
    events,
    runs,
    blobs,
    archived,
  });
  let check: ReturnType<typeof checkRecords> | null = null;
  let lineNo = 0;
  for await (const line of lines) {
    lineNo += 1;
    if (line.trim() === '') continue;
    try {
      if (check === null) {
        const head = BundleHead.parse(JSON.parse(line));
        const opened = openHead(head, trusted);
        ({ origin, key } = { origin: head.origin, key: opened.key.text });
        size = opened.size;
        check = checkRecords(head, opened);
        continue;
      }
      const record = BundleRecord.parse(JSON.parse(line));
      const problem = check.take(record);
      ({ events, blobs, runs, archived } = check.counts());
      if (problem !== null) return verdict(problem);
      if ('event' in record) onEvent(record.event);
    } catch (thrown) {
      const why = thrown instanceof z.ZodError ? 'it is none of the records of a bundle' : toError(thrown).message;
      return verdict(`line ${lineNo}: ${why}`);
    }
  }
  return verdict(check === null ? 'the file is empty' : check.end());
}

function openHead(head: BundleHead, trusted: VerifierKey | null) {
  const chain = keyChain(trusted ?? parseVerifierKey(head.key), head.rotations);
  const latest = openCheckpoint(head.checkpoint, chain);
  if (latest.origin !== head.origin) throw new Error('its checkpoint is of another log');
  for (const { checkpoint, path } of head.earlier) {
    const earlier = openCheckpoint(checkpoint, chain);
    if (!isConsistent(earlier, latest, path.map(fromBase64))) {
      throw new Error(`the log did not only go on after its checkpoint of ${earlier.size} events`);
    }
  }
  return { ...latest, key: latest.signedBy[0] ?? chain[0] ?? parseVerifierKey(head.key) };
}

const fromBase64 = (text: string): Buffer => Buffer.from(text, 'base64');

/** Takes the records in their order; what is held is a hash for each thing, not its content, but for the journals. */
function checkRecords(head: BundleHead, checkpoint: { readonly size: number; readonly root: Buffer }) {
  const tree = growTree();
  const versions = new Map<string, { version: number; position: number }>();
  const documents = new Map<string, boolean>();
  const journals = new Map<string, { entries: number; sha256: string; place: string; isErased: boolean }>();
  const entries = new Map<string, { callIndex: number; text: string }[]>();
  const counts = { events: 0, documents: 0, journal: 0, blobs: 0, archived: 0 };
  let isEnded = false;

  const takeEvent = (event: BundleEvent): string | null => {
    const place = `position ${event.position} (run ${event.runId}, version ${event.version})`;
    counts.events += 1;
    const leaf = leafOf(event.position, eventHash(event));
    const before = versions.get(event.runId) ?? { version: 0, position: 0 };
    if (event.version !== before.version + 1) return `run ${event.runId}: version ${before.version + 1} is missing`;
    if (event.position <= before.position) return `${place} stands before the version before it`;
    versions.set(event.runId, { version: event.version, position: event.position });
    if (head.runs === null) {
      if (event.position !== tree.size + 1) return `position ${tree.size + 1} is missing`;
      tree.append(leaf);
    } else {
      if (!head.runs.includes(event.runId)) return `${place} is of none of the runs of the bundle`;
      const root = rootByInclusion(leaf, event.position - 1, checkpoint.size, (event.path ?? []).map(fromBase64));
      if (root?.equals(checkpoint.root) !== true) return `the event at ${place} is not what was signed`;
    }
    note(event, place);
    return null;
  };
  const takeArchived = ({ position, leaf }: { readonly position: number; readonly leaf: string }): string | null => {
    counts.archived += 1;
    if (head.runs !== null) return `position ${position} is said to be archived, and the bundle is of certain runs`;
    if (position !== tree.size + 1) return `position ${tree.size + 1} is missing`;
    tree.append(fromBase64(leaf));
    return null;
  };
  const note = ({ dataText, runId }: BundleEvent, place: string): void => {
    const named = NAMED_DOCUMENT.exec(dataText)?.[1];
    if (named !== undefined) documents.set(named, documents.get(named) ?? false);
    const journal = journalNamedIn(dataText);
    if (journal !== null) journals.set(journal.commandId, { ...journal, place, isErased: head.erased.includes(runId) });
  };
  const takeDocument = ({ sha256, text }: { readonly sha256: string; readonly text: string }): string | null => {
    counts.documents += 1;
    documents.set(sha256, true);
    return hash('sha256', text, 'hex') === sha256 ? null : `the document ${sha256} is not what was written`;
  };
  const takeBlob = ({ sha256, content }: { readonly sha256: string; readonly content: string }): string | null => {
    counts.blobs += 1;
    const is = hash('sha256', fromBase64(content), 'hex');
    return is === sha256 ? null : `the blob ${sha256} is not what was written`;
  };
  const lacking = (): string | null => {
    for (const [sha256, isThere] of documents) if (!isThere) return `the document ${sha256} is named, and missing`;
    for (const [commandId, { sha256, entries: n, place, isErased }] of journals) {
      const found = entries.get(commandId) ?? [];
      if (isErased && found.length === 0) continue;
      if (found.length !== n || journalHash(found) !== sha256) {
        return `${place}: the journal of its task ${commandId} is not what was written`;
      }
    }
    return null;
  };
  return {
    counts: () => ({ ...counts, runs: versions.size }),
    take: (record: BundleRecord): string | null => {
      if (isEnded) return 'there is more after its end';
      if ('event' in record) return takeEvent(record.event);
      if ('archived' in record) return takeArchived(record.archived);
      if ('document' in record) return takeDocument(record.document);
      if ('blob' in record) return takeBlob(record.blob);
      if ('journal' in record) {
        counts.journal += 1;
        const { commandId, callIndex, text } = record.journal;
        const known = entries.get(commandId);
        if (known === undefined) entries.set(commandId, [{ callIndex, text }]);
        else known.push({ callIndex, text });
        return null;
      }
      isEnded = true;
      return isDeepStrictEqual(record.end, counts) ? null : 'lines of it are missing';
    },
    end: (): string | null => {
      if (!isEnded) return 'its end is missing';
      const missing = head.runs?.find((runId) => !versions.has(runId));
      if (missing !== undefined) return `run ${missing} has no event in it`;
      if (head.runs === null && (tree.size !== checkpoint.size || !tree.root().equals(checkpoint.root))) {
        return `its ${tree.size} events are not the ${checkpoint.size} that were signed`;
      }
      return lacking();
    },
  };
}
