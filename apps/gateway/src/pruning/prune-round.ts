import { setTimeout as sleep } from 'node:timers/promises';
import {
  asOnlyOne,
  type BlobSweep,
  pruneAccessLog,
  pruneDeadLetters,
  pruneRequests,
  pruneSideRows,
  pruneSignIns,
  sweepBlobs,
} from '@baton/event-store';
import type { Sealer } from '@baton/personal-data';
import { pruneAcceptedRequests } from '@baton/read-model';
import type { Pool } from 'pg';
import { markNextSealedRun } from './mark-sealed-runs.js';
import type { KeptFor } from './prune-env.js';

export interface PruneParts {
  readonly pool: Pool;
  readonly sealer: Pick<Sealer, 'opened'>;
  readonly keptFor: KeptFor;
}

/** What a round removed. */
export interface Pruned {
  /** Rows of requests, dead letters, the log of access, checkpoints, the offline model's work, sessions and codes. */
  readonly rows: number;
  /** Where the search for blobs stands; null where blobs are kept for ever. */
  readonly sweep: BlobSweep | null;
}

/** Calls for one kind of row in a round; each has a bound of its own. */
const MOST_CALLS = 20;
const SWEEP_MS = 20_000;
/** A pause is so many times as long as the step before it: four fifths of the time belong to others. */
const PAUSE_TIMES = 4;

/**
 * One round: what is old goes, and the search for blobs goes on for some seconds. One process at a time: null where another is
 * at it. Each step is a transaction of its own, so whatever ends it loses nothing.
 */
export const pruneRound = (parts: PruneParts, signal: AbortSignal): Promise<Pruned | null> =>
  asOnlyOne(parts.pool, 'prune', async () => ({
    rows: await pruneRows(parts, signal),
    sweep: await goOnSweeping(parts, signal),
  }));

async function pruneRows({ pool, keptFor }: PruneParts, signal: AbortSignal): Promise<number> {
  const { requests, deadLetters, accessLog } = keptFor;
  const rules: readonly (() => Promise<number>)[] = [
    ...(requests === null ? [] : [() => pruneRequests(pool, requests), () => pruneAcceptedRequests(pool, requests)]),
    ...(deadLetters === null ? [] : [() => pruneDeadLetters(pool, deadLetters)]),
    ...(accessLog === null ? [] : [() => pruneAccessLog(pool, accessLog)]),
    () => pruneSideRows(pool),
    () => pruneSignIns(pool),
  ];
  let rows = 0;
  for (const rule of rules) {
    for (let calls = 0, gone = 1; gone > 0 && calls < MOST_CALLS && !signal.aborted; calls += 1) {
      gone = await rule();
      rows += gone;
    }
  }
  return rows;
}

async function goOnSweeping(parts: PruneParts, signal: AbortSignal): Promise<BlobSweep | null> {
  const { pool, keptFor } = parts;
  if (keptFor.blobs === null) return null;
  const end = performance.now() + SWEEP_MS;
  for (;;) {
    const begun = performance.now();
    const sweep = await sweepBlobs(pool, keptFor.blobs);
    if (sweep.phase === 'sealed') await markNextSealedRun(parts, sweep.sealedAfter);
    if (sweep.phase === 'idle' || signal.aborted || performance.now() > end) return sweep;
    await sleep((performance.now() - begun) * PAUSE_TIMES, undefined, { signal }).catch(() => {
      // Stopped while waiting: the next look at the signal ends it.
    });
  }
}
