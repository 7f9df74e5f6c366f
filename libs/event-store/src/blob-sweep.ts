import { RunId } from '@baton/contracts';
import type { Pool } from 'pg';
import { toBytes } from './missing-blobs.js';
import { one, query } from './pool.js';

/** How far the search for blobs that nothing names has come. Numbers are those of the whole search. */
export interface BlobSweep {
  /** `idle`: nothing is under way. `sealed`: it waits for what sealed values name, see `markSealed`. */
  readonly phase: 'idle' | 'rows' | 'sealed' | 'blobs' | 'sweep';
  /** In the phase `sealed`: the run that was told last; null before the first. */
  readonly sealedAfter: RunId | null;
  readonly readBytes: number;
  readonly removed: number;
  readonly removedBytes: number;
}

/**
 * One step of the search for blobs that nothing names, and of their removal: some hundredths of a second. Begins at most once a day.
 *
 * @param days for how long a blob is kept after it was last put, 2 at least
 */
export async function sweepBlobs(pool: Pool, days: number): Promise<BlobSweep> {
  const rows = await query<{
    phase: BlobSweep['phase'];
    sealed_after: string | null;
    read_bytes: number;
    removed: number;
    removed_bytes: number;
  }>(pool, 'sweep-blobs', 'select phase, sealed_after, read_bytes, removed, removed_bytes from baton.sweep_blobs($1)', [
    days,
  ]);
  const { phase, sealed_after, read_bytes, removed, removed_bytes } = one(rows, 'a step');
  const sealedAfter = sealed_after === null ? null : RunId.parse(sealed_after);
  return { phase, sealedAfter, readBytes: read_bytes, removed, removedBytes: removed_bytes };
}

/** The next run, by its id, that holds something sealed; null where there is none. */
export async function nextSealedRun(pool: Pool, after: RunId | null): Promise<RunId | null> {
  const rows = await query<{ run_id: string }>(
    pool,
    'next-sealed-run',
    'select run_id from baton.personal_run where $1::uuid is null or run_id > $1 order by run_id limit 1',
    [after],
  );
  const [row] = rows;
  return row === undefined ? null : RunId.parse(row.run_id);
}

/**
 * Tells the search what sealed values of a run name.
 *
 * @param runId null: there is no such run left
 * @param hashes hexadecimal; what is no blob is passed over
 * @param isLast whether that is all of the run
 */
export async function markSealed(
  pool: Pool,
  runId: RunId | null,
  hashes: readonly string[],
  isLast: boolean,
): Promise<void> {
  const sql = 'select baton.mark_sealed($1, $2, $3)';
  await query(pool, 'mark-sealed', sql, [runId, toBytes(hashes), isLast]);
}

/**
 * Everything in a text that may be the hash of a blob, as `baton.hashes_in` finds it. Longer runs of such digits may have one
 * anywhere: an escape stood beside it, or several were written together. In very long ones it is looked for at both ends, and
 * where it stands if nothing but hashes comes before it.
 */
export function hashesIn(text: string): readonly string[] {
  const found = new Set<string>();
  for (const [digits] of text.matchAll(/[0-9a-f]{64,}/g)) {
    const last = digits.length - DIGITS;
    for (let at = 0; at <= last; at += 1) {
      const isLooked = digits.length <= MOST_DIGITS || at < DIGITS || at > last - DIGITS || at % DIGITS === 0;
      if (isLooked) found.add(digits.slice(at, at + DIGITS));
    }
  }
  return [...found];
}

const DIGITS = 64;
const MOST_DIGITS = 4_096;

/** The function takes no more. */
const HELD_AT_ONCE = 100;

/**
 * Keeps blobs that are about to be named by somebody who did not put them just now, with the files of trees among them, for as
 * long as if they had been put. What is not there is passed over.
 */
export async function holdBlobs(pool: Pool, hashes: readonly string[]): Promise<void> {
  for (let at = 0; at < hashes.length; at += HELD_AT_ONCE) {
    const some = toBytes(hashes.slice(at, at + HELD_AT_ONCE));
    await query(pool, 'hold-blobs', 'select baton.hold_blobs($1)', [some]);
  }
}
