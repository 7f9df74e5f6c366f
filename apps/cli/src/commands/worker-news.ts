import { setTimeout as sleep } from 'node:timers/promises';
import type { RunDetail } from '@baton/contracts';
import { lossOf, missingWorker } from './worker-shapes.js';

const LOOK_EVERY_MS = 3_000;

export interface WorkerNews {
  /** Kinds of workers that tasks wait for in vain; told when it changes, and null when it is over. */
  readonly missing: (text: string | null) => void;
  /** A task was lost by a worker and given to another. */
  readonly lost: (text: string) => void;
}

/**
 * Looks now and then whether tasks of a run wait for workers that are not there, or were lost by one, and tells it once.
 * Ends with the signal; a look that fails is none.
 */
export async function watchWorkerNews(
  look: () => Promise<RunDetail>,
  news: WorkerNews,
  signal: AbortSignal,
): Promise<void> {
  let told: string | null = null;
  const losses = new Set<string>();
  while (!signal.aborted) {
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    const run = await look().catch(() => null);
    if (run === null) continue;
    const missing = [...new Set(run.work.flatMap((task) => missingWorker(task) ?? []))];
    const text = missing.length === 0 ? null : `Waits: ${missing.join('; ')}.`;
    if (text !== told) news.missing(text);
    told = text;
    for (const delivery of run.lost) {
      const loss = `${delivery.workerId} ${delivery.commandId} ${delivery.begunAt}`;
      if (!losses.has(loss)) news.lost(lossOf(delivery));
      losses.add(loss);
    }
  }
}
