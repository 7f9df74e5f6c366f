import { type RunId, type Verification, type VerificationProgress } from '@baton/contracts';
import { archivedTotals, archiveRule, holdArchiving, type Place, verifyLog, verifyStream } from '@baton/event-store';
import { leafOf, rootByInclusion, type TileTree } from '@baton/proof';
import { verifyRunView, verifyViews } from '@baton/read-model';
import type { AuditParts } from '../checkpoints/audit-parts.js';
import { storedTree } from '../checkpoints/tree-growth.js';
import type { ArchiveFolder } from '../publication/archive-folder.js';
import { checkAccessLog } from './access-anchors.js';
import { Gaps } from './gaps.js';
import { holdAgainst } from './held-against.js';
import { NamedBlobs } from './named-blobs.js';
import { type Published, publishedOf } from './published-checkpoints.js';
import { wrongBlob, wrongJournal, wrongJournalOf } from './side-stores.js';
import { wrongArchive } from './wrong-archive.js';

const ATTEMPTS = 3;

/**
 * Everything: the log and its hashes, the tree computed anew and held against every published checkpoint, streams, documents,
 * journals, that the blobs are there which they name, the log of access, archives, all blobs, and then the views. Stops at the
 * first thing that is wrong. No run is archived meanwhile; those that come back are counted in the wrong place: then it is done
 * again.
 */
export async function verifyWhole(
  parts: VerifyingParts,
  onProgress: (progress: VerificationProgress) => void,
): Promise<Verification> {
  const letGo = await holdArchiving(parts.pool);
  try {
    for (let attempt = 1; ; attempt += 1) {
      const { changes } = await archiveRule(parts.pool);
      const found = await verifyOnce(parts, onProgress);
      if (found.verified || attempt === ATTEMPTS || (await archiveRule(parts.pool)).changes === changes) return found;
    }
  } finally {
    await letGo();
  }
}

/** With the folder of archives. */
type VerifyingParts = AuditParts & { readonly archives: ArchiveFolder };

async function verifyOnce(
  parts: VerifyingParts,
  onProgress: (progress: VerificationProgress) => void,
): Promise<Verification> {
  const { pool } = parts;
  onProgress({ phase: 'checkpoints', done: 0, of: 0 });
  const published = await publishedOf(parts);
  if (typeof published === 'string') return { verified: false, events: 0, runs: 0, problem: published };
  const held = holdAgainst(pool, published?.witnesses ?? []);
  const blobs = new NamedBlobs(pool);
  const totals = await archivedTotals(pool);
  const gaps = new Gaps();
  const log = await verifyLog(pool, {
    onPage: async (events) =>
      (await held.add(events)) ?? (await wrongJournal(pool, blobs, events)) ?? (await blobs.ofEvents(events)),
    onGap: async (from, to) => {
      if (from < totals.firstPosition || to > totals.lastPosition || gaps.left + to - from + 1 > totals.events) {
        return `position ${from} is missing`;
      }
      gaps.add(from, to);
      return held.pass(from, to);
    },
    onEnd: () => held.end(),
    onProgress: (done, of) => onProgress({ phase: 'events', done, of }),
  });
  const signed = signedOf(parts, published, held.sound);
  const found = log.problem ?? (await wrongTree(parts, held.sound, published));
  if (found !== null) return { ...log, ...signed, verified: false, problem: found };
  const access = await checkAccessLog(parts, published?.chain ?? null);
  if (access.problem !== null) return { ...log, ...signed, verified: false, problem: access.problem };
  const { problem, ...archived } = await wrongArchive(parts, parts.archives, gaps, (done) =>
    onProgress({ phase: 'archives', done, of: totals.events }),
  );
  const also = { ...signed, ...(archived.files === 0 ? {} : { archived }) };
  if (problem !== null) return { ...log, ...also, verified: false, problem };
  const blob =
    (await blobs.besideTheLog()) ?? (await wrongBlob(pool, (done) => onProgress({ phase: 'blobs', done, of: 0 })));
  if (blob !== null) return { ...log, ...also, verified: false, problem: blob };
  onProgress({ phase: 'views', done: 0, of: log.events });
  return { ...(await verifyViews(pool)), ...also };
}

/** One run: its events, their places in the tree that was signed last, its documents, journals and its view. */
export async function verifyOneRun(parts: AuditParts, runId: RunId): Promise<Verification> {
  const { pool } = parts;
  const published = await publishedOf(parts);
  if (typeof published === 'string') return { verified: false, events: 0, runs: 0, problem: published };
  const latest = published?.latest ?? null;
  const tree = storedTree(pool);
  const blobs = new NamedBlobs(pool);
  const stream = await verifyStream(pool, runId, {
    onEvent: async (event, hash) => {
      const isNotSigned =
        latest !== null && event.position <= latest.size && !(await isSigned(tree, event, hash, latest));
      if (isNotSigned) return notSigned(event);
      return (
        (await wrongJournalOf(pool, blobs, event, event.dataText)) ??
        (await blobs.ofEvents([{ ...event, data: Buffer.from(event.dataText) }]))
      );
    },
  });
  const signed = signedOf(parts, published, latest?.size ?? 0);
  if (!stream.verified) return { ...stream, ...signed };
  return { ...(await verifyRunView(pool, runId)), ...signed };
}

async function isSigned(
  tree: TileTree,
  { position }: Place,
  hash: Buffer,
  { size, root }: { readonly size: number; readonly root: Buffer },
): Promise<boolean> {
  const path = await tree.inclusion(position - 1, size).catch(() => null);
  return path !== null && rootByInclusion(leafOf(position, hash), position - 1, size, path)?.equals(root) === true;
}

const notSigned = ({ position, runId, version }: Place): string =>
  `the event at position ${position} (run ${runId}, version ${version}) is not what was signed, or the stored tree was changed: verify the whole log`;

/** The stored tree serves proofs: it must be the one that was just computed. */
async function wrongTree({ pool }: AuditParts, sound: number, published: Published | null): Promise<string | null> {
  const witness = published?.witnesses.findLast(({ size }) => size === sound);
  if (witness === undefined) return null;
  const root = await storedTree(pool)
    .root(sound)
    .catch(() => null);
  return root?.equals(witness.root) === true
    ? null
    : `the stored tree is not that of the log, which is as it was signed up to position ${sound}`;
}

function signedOf(
  { publication }: AuditParts,
  published: Published | null,
  events: number,
): Pick<Verification, 'signed'> {
  if (publication === null || published === null || published.latest === null) return {};
  return {
    signed: {
      checkpoint: published.latest.note,
      rotations: [...published.rotations],
      checkpoints: new Set(published.witnesses.map(({ size }) => size)).size,
      events,
      where: publication.where,
    },
  };
}
