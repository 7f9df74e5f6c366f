import { type AccessLogCheck, toError } from '@baton/contracts';
import { verifyAccessLog } from '@baton/event-store';
import { openAccessAnchor, type VerifierKey } from '@baton/proof';
import type { AuditParts } from '../checkpoints/audit-parts.js';
import { ACCESS_LATEST, isAccessName } from '../publication/publication.js';
import { firstAfterItsEnd, keyNoOf, latestOf, textsIn } from './published-checkpoints.js';

/**
 * Hashes every entry of the log of access anew, and holds it against what was published of it.
 *
 * @param chain the keys that may have signed; null where nothing is published
 */
export async function checkAccessLog(
  { pool, publication }: Pick<AuditParts, 'pool' | 'publication'>,
  chain: readonly VerifierKey[] | null,
): Promise<AccessLogCheck> {
  if (publication === null || chain === null) return { ...(await verifyAccessLog(pool, [])), signed: null };
  const names = (await publication.list())?.filter(isAccessName) ?? [];
  const anchors: { readonly position: number; readonly hash: Buffer; readonly name: string; readonly keyNo: number }[] =
    [];
  const wrong = async (name: string, why: string): Promise<AccessLogCheck> => ({
    ...(await verifyAccessLog(pool, [])),
    verified: false,
    signed: 0,
    problem: `What is published as ${name} in ${publication.where} of the log of access: ${why}`,
  });
  for (const { name, text } of await textsIn(publication, [...names.toSorted(), ACCESS_LATEST])) {
    try {
      const { position, hash, signedBy } = openAccessAnchor(text, chain);
      anchors.push({ position, hash, name, keyNo: keyNoOf(signedBy, chain) });
    } catch (thrown) {
      return wrong(name, toError(thrown).message);
    }
  }
  const latest = anchors.find(({ name }) => name === ACCESS_LATEST);
  anchors.sort((a, b) => a.position - b.position);
  const newest = anchors.at(-1);
  const reached = await latestOf(publication, ACCESS_LATEST, latest?.position ?? 0, {
    isEnough: (position) => position >= (newest?.position ?? 0),
    opened: (text) => openAccessAnchor(text, chain).position,
  });
  if (newest !== undefined && newest.position > reached) {
    return wrong(ACCESS_LATEST, `it was put back, since ${newest.name} was published after it.`);
  }
  const late = firstAfterItsEnd(anchors);
  if (late !== undefined) return wrong(late.name, 'it is signed by a key after its end.');
  return verifyAccessLog(pool, anchors);
}
