import { accessBeginning, accessChain, accessHead } from '@baton/event-store';
import {
  type LogKeys,
  openAccessAnchor,
  type SignedAccessAnchor,
  signAccessAnchor,
  type VerifierKey,
} from '@baton/proof';
import type { Pool } from 'pg';
import { ACCESS_LATEST, accessName, type Publication } from '../publication/publication.js';
import { LogDiverges } from './log-diverges.js';
import { publishRotations } from './publish-rotations.js';

interface AnchorParts {
  readonly pool: Pool;
  readonly publication: Publication;
  readonly keys: LogKeys;
  /** The keys that what was published may be signed with. */
  readonly chain: readonly VerifierKey[];
  readonly origin: string;
}

/*
 * The log of access is a chain, so one hash of it fixes all entries up to there. Like a checkpoint it is signed and published
 * outside the database, and nothing is signed that does not go on from what was published last. A crash between its own name
 * and the latest one leaves a note that the next one puts there.
 */

/**
 * Publishes the hash of the newest entry of the log of access, where it is another one than was published last.
 *
 * @throws LogDiverges where the log of access is not what was published
 */
export async function anchorAccess(parts: AnchorParts): Promise<void> {
  const { pool, publication, keys, chain, origin } = parts;
  const text = await publication.get(ACCESS_LATEST);
  const latest = text === null ? null : opened(publication, text, chain);
  const { position, hash } = await accessHead(pool);
  if (position < (latest?.position ?? 0)) {
    throw new LogDiverges(
      `Entry ${position + 1} of the log of access is missing: ${latest?.position} entries were signed.`,
    );
  }
  // Entries go by rule when they are old, and are signed long before. Where that was not so, whoever owns the database can have
  // taken away what was signed and written the rest anew.
  const { position: removed } = await accessBeginning(pool);
  if (latest !== null && latest.position < removed) {
    throw new LogDiverges(
      `The log of access begins after entry ${removed}, and ${latest.position} entries were signed: nothing shows that it goes on from those.`,
    );
  }
  const grown = await accessChain(pool, { upTo: position, from: latest ?? undefined });
  if (grown.problem !== null) throw new LogDiverges(grown.problem);
  if (!grown.hash.equals(hash)) throw new LogDiverges('The log of access is another one than the one that was signed.');
  if (position === (latest?.position ?? 0)) return;
  await publishRotations(publication, keys);
  const note = signAccessAnchor({ origin, position, hash }, [keys.signer]);
  const name = accessName(position);
  const stands = (await publication.create(name, note)) ? note : await standing(parts, name, hash);
  await publication.replace(ACCESS_LATEST, stands);
}

/** What was published under the name before a crash, with a key of before perhaps: it must say the same. */
async function standing({ publication, chain }: AnchorParts, name: string, hash: Buffer): Promise<string> {
  const { note, hash: was } = opened(publication, (await publication.get(name)) ?? '', chain);
  if (was.equals(hash)) return note;
  throw new LogDiverges(`The log of access is another one than the one of which ${name} was published.`);
}

function opened(publication: Publication, note: string, chain: readonly VerifierKey[]): SignedAccessAnchor {
  try {
    return openAccessAnchor(note, chain);
  } catch (thrown) {
    const where = `What is published of the log of access in ${publication.where}`;
    throw new LogDiverges(`${where} is not signed by a key of this log.`, thrown);
  }
}
