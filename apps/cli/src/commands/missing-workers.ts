import { setTimeout as sleep } from 'node:timers/promises';
import type { RunDetail } from '@baton/contracts';
import { missingWorker } from './worker-shapes.js';

const LOOK_EVERY_MS = 3_000;

/**
 * Looks now and then whether tasks of a run wait for workers that are not there, and tells it once, and again when it
 * changes: null when it is over. Ends with the signal; a look that fails is none.
 */
export async function watchMissingWorkers(
  look: () => Promise<RunDetail>,
  tell: (text: string | null) => void,
  signal: AbortSignal,
): Promise<void> {
  let told: string | null = null;
  while (!signal.aborted) {
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    const run = await look().catch(() => null);
    if (run === null) continue;
    const missing = [...new Set(run.work.flatMap((task) => missingWorker(task) ?? []))];
    const text = missing.length === 0 ? null : `Waits: ${missing.join('; ')}.`;
    if (text !== told) tell(text);
    told = text;
  }
}
