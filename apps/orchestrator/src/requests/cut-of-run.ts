import { type RunId, TerminalError } from '@baton/contracts';
import { cutAt, type RunCut, rebuild } from '@baton/workflow';
import type { Pool } from 'pg';
import { readRun } from '../read-run.js';
import { unknownRun } from './explain-refusal.js';

export interface StoredCut {
  readonly cut: RunCut;
  /** What the run's own count of its events was. */
  readonly eventCount: number;
}

/**
 * A run as it was after its event `at`, or before it failed, read from its log.
 *
 * @throws RetryableError `unknown-run` when it has no event: it may be about to begin
 * @throws TerminalError `no-such-event`, or `not-resumable` for a run that could never run
 */
export async function cutOfRun(pool: Pool, runId: RunId, at?: number): Promise<StoredCut> {
  const { events, before, version } = await readRun(pool, runId, at);
  if (version === 0) throw unknownRun(runId);
  if (at !== undefined && version < at) {
    throw new TerminalError(`Run ${runId} has ${version} events, and none with the number ${at}.`, {
      code: 'no-such-event',
    });
  }
  const cut = cutAt(events, before);
  const whole = rebuild(events);
  if (cut !== null && whole.status !== 'new') return { cut, eventCount: whole.eventCount };
  throw new TerminalError(`Run ${runId} never ran, so there is nothing to go on from.`, { code: 'not-resumable' });
}
