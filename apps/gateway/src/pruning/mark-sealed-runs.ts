import { Json, type RunId } from '@baton/contracts';
import { hashesIn, markSealed, nextSealedRun, readBareStream } from '@baton/event-store';
import { mayHoldSealed, type Sealer } from '@baton/personal-data';
import type { Pool } from 'pg';

const EVENTS_AT_ONCE = 200;

/**
 * Tells the search for blobs what the sealed values of the next run name: what is personal the database cannot read. A version
 * of a workspace may be named there and nowhere else.
 *
 * @param after the run that was told before
 */
export async function markNextSealedRun(
  { pool, sealer }: { readonly pool: Pool; readonly sealer: Pick<Sealer, 'opened'> },
  after: RunId | null,
): Promise<void> {
  const runId = await nextSealedRun(pool, after);
  if (runId === null) return markSealed(pool, null, [], true);
  for (let version = 1, isMore = true; isMore; ) {
    const page = await readBareStream(pool, runId, { fromVersion: version, limit: EVENTS_AT_ONCE });
    isMore = page.length === EVENTS_AT_ONCE;
    version += page.length;
    const named = new Set<string>();
    for (const { dataText } of page) {
      if (!mayHoldSealed(dataText)) continue;
      const opened = await sealer.opened(Json.parse(JSON.parse(dataText)), runId);
      for (const sha256 of hashesIn(JSON.stringify(opened))) named.add(sha256);
    }
    await markSealed(pool, runId, [...named], !isMore);
  }
}
