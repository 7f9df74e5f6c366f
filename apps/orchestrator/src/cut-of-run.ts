import { RetryableError, type RunId, TerminalError } from '@baton/contracts';
import { newestCarry, readStream } from '@baton/event-store';
import { cutAt, type RunCut, rebuild, upcast } from '@baton/workflow';
import type { Pool } from 'pg';

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
  const fromVersion = await newestCarry(pool, runId, at);
  const stored = await readStream(pool, runId, { fromVersion, ...(at === undefined ? {} : { toVersion: at }) });
  const of = fromVersion - 1 + stored.length;
  if (of === 0) throw new RetryableError(`There is no run ${runId}.`, { code: 'unknown-run', retryAfterMs: 1_000 });
  if (at !== undefined && of < at) {
    throw new TerminalError(`Run ${runId} has ${of} events, and none with the number ${at}.`, {
      code: 'no-such-event',
    });
  }
  const events = stored.map((event) => upcast(event.type, event.schemaVersion, JSON.parse(event.dataText)));
  const cut = cutAt(events, fromVersion - 1);
  const whole = rebuild(events);
  if (cut !== null && whole.status !== 'new') return { cut, eventCount: whole.eventCount };
  throw new TerminalError(`Run ${runId} never ran, so there is nothing to go on from.`, { code: 'not-resumable' });
}
