import type { RunId } from '@baton/contracts';
import { readFactsOfState } from '@baton/event-store';
import { type RunEvent, readEvent } from '@baton/workflow';
import type { Pool } from 'pg';

/** A run as far as it has to be read: from its newest event that holds its whole state, or from its first. */
export interface ReadRun {
  readonly events: readonly RunEvent[];
  /** How many events came before those. */
  readonly before: number;
  /** The version of the last event; 0 for a run that has none. */
  readonly version: number;
  /** The size of each event's data, in characters. */
  readonly sizes: readonly number[];
}

/** @param at the last event to read; all of them where it is absent */
export async function readRun(pool: Pool, runId: RunId, at?: number): Promise<ReadRun> {
  const stored = await readFactsOfState(pool, runId, at);
  const before = (stored[0]?.version ?? 1) - 1;
  return {
    events: stored.map(readEvent),
    before,
    version: before + stored.length,
    sizes: stored.map(({ dataText }) => dataText.length),
  };
}
