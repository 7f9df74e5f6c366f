import { BatonError } from '@baton/contracts';
import { asOnlyOne, extendTree, logHead, logName, newestCheckpoint, treeSize } from '@baton/event-store';
import {
  createLogKey,
  keyChain,
  type LogKeys,
  openCheckpoint,
  readLogKeys,
  type SignedCheckpoint,
  signCheckpoint,
  type VerifierKey,
} from '@baton/proof';
import type { Pool } from 'pg';
import { ACCESS_LATEST, checkpointName, LATEST, type Publication, publish } from '../publication/publication.js';
import { anchorAccess } from './anchor-access.js';
import { LogDiverges } from './log-diverges.js';
import { publishRotations } from './publish-rotations.js';
import { checkTail, storedTree, treeGrowth } from './tree-growth.js';

export interface CheckpointParts {
  readonly pool: Pool;
  readonly publication: Publication;
  /** The folder with the key of the log. */
  readonly keys: string;
}

/** Events that are put into the tree in one transaction. */
const EVENTS_AT_ONCE = 16_384;

export const originOf = async (pool: Pool): Promise<string> => `baton/${await logName(pool)}`;

/*
 * What was published is what counts: it is read anew each time, and nothing is signed that does not go on from it. The order of
 * a checkpoint: the tree and the note in one transaction, the note under its name, the note as the latest. A crash in between
 * leaves a note that is not published yet, which is the first thing that the next one does.
 */

/**
 * Brings the tree up to the log and publishes a checkpoint of it, and the newest hash of the log of access; or finds that there
 * is nothing new.
 *
 * @returns the newest published one; null where none is, or where another process is at it
 * @throws LogDiverges; BatonError `log-key-unusable`, `publication-unreachable`, `publication-refused`
 */
export async function makeCheckpoint(parts: CheckpointParts): Promise<SignedCheckpoint | null> {
  return asOnlyOne(parts.pool, 'checkpoint', () => make(parts));
}

async function make({ pool, publication, keys: folder }: CheckpointParts): Promise<SignedCheckpoint | null> {
  const origin = await originOf(pool);
  const latest = await publication.get(LATEST);
  const keys =
    (await readLogKeys(folder, origin)) ?? (await firstKey({ pool, publication, keys: folder }, origin, latest));
  const chain = keyChain(keys.signer.verifier, keys.rotations);
  const published = latest === null ? null : opened(publication, latest, chain);
  const signed = published?.size ?? 0;
  const [size, head] = [await treeSize(pool), await logHead(pool)];
  if (head < Math.max(size, signed)) {
    throw new LogDiverges(
      `The log has ${head} events, and ${Math.max(size, signed)} were signed or about to be: position ${head + 1} is missing.`,
    );
  }
  await checkTail(pool, size);
  await anchorAccess({ pool, publication, keys, chain, origin });
  // What is published beyond the stored tree, which is lost then, is compared before anything more is signed.
  const grown = Math.max(size, signed);
  if (!(await growTo(pool, size, grown))) return null;
  if (published !== null) await holdTree(pool, published, 'published');
  const waiting = await newestCheckpoint(pool);
  const unpublished = waiting !== null && waiting.size > signed ? openCheckpoint(waiting.note, chain) : null;
  if (unpublished !== null) {
    await holdTree(pool, unpublished, 'signed');
    await publishCheckpoint(publication, keys, unpublished);
  }
  if (head === (unpublished?.size ?? signed)) return unpublished ?? published;
  return signNext({ pool, publication, keys, chain }, grown, { origin, size: head });
}

/** @throws LogDiverges where the stored tree is not the one of a checkpoint */
async function holdTree(pool: Pool, { size, root }: SignedCheckpoint, what: string): Promise<void> {
  if ((await storedTree(pool).root(size)).equals(root)) return;
  throw new LogDiverges(`The log is another one than the one whose ${size} events were ${what}.`);
}

interface SigningParts {
  readonly pool: Pool;
  readonly publication: Publication;
  readonly keys: LogKeys;
  readonly chain: readonly VerifierKey[];
}

/** Grows the tree from one size to another, signs it, and publishes that. */
async function signNext(
  { pool, publication, keys, chain }: SigningParts,
  from: number,
  { origin, size }: { readonly origin: string; readonly size: number },
): Promise<SignedCheckpoint | null> {
  const left = size - from;
  const begun = size - (left % EVENTS_AT_ONCE || Math.min(EVENTS_AT_ONCE, left));
  if (!(await growTo(pool, from, begun))) return null;
  const { growth, root } = await treeGrowth(pool, begun, size);
  const note = signCheckpoint({ origin, size, root }, [keys.signer]);
  if (!(await extendTree(pool, growth, { size, note }))) return null;
  const made = openCheckpoint(note, chain);
  await publishCheckpoint(publication, keys, made);
  return made;
}

async function firstKey(
  { pool, publication, keys: folder }: CheckpointParts,
  origin: string,
  latest: string | null,
): Promise<LogKeys> {
  const anchored = await publication.get(ACCESS_LATEST);
  if (latest === null && anchored === null && (await newestCheckpoint(pool)) === null) {
    await createLogKey(folder, origin);
    const made = await readLogKeys(folder, origin);
    if (made !== null) return made;
  }
  throw new BatonError(`The log ${origin} has been signed before, and its key is not in ${folder}.`, {
    code: 'log-key-unusable',
    next: 'Put back the file log.key, or read "When signing stops" in docs/audit.md.',
  });
}

function opened(publication: Publication, latest: string, chain: readonly VerifierKey[]): SignedCheckpoint {
  try {
    return openCheckpoint(latest, chain);
  } catch (thrown) {
    throw new LogDiverges(`What is published in ${publication.where} is not signed by a key of this log.`, thrown);
  }
}

/** Adds to the stored tree without signing it. @returns false when another process has done so meanwhile */
async function growTo(pool: Pool, from: number, to: number): Promise<boolean> {
  for (let size = from; size < to; size = Math.min(to, size + EVENTS_AT_ONCE)) {
    const { growth } = await treeGrowth(pool, size, Math.min(to, size + EVENTS_AT_ONCE));
    if (!(await extendTree(pool, growth, null))) return false;
  }
  return true;
}

async function publishCheckpoint(publication: Publication, keys: LogKeys, { size, note }: SignedCheckpoint) {
  await publishRotations(publication, keys);
  await publish(publication, checkpointName(size), note);
  await publication.replace(LATEST, note);
}
