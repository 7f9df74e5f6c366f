import { Worker } from 'node:worker_threads';
import type { RangeResult, SeedRange } from './seeds-thread.js';

const AT_ONCE = 25;

export interface SeedsResult {
  readonly seeds: number;
  readonly steps: number;
  readonly events: number;
  readonly failed: NonNullable<RangeResult['failed']> | null;
}

/** Runs seeds in so many threads, until one fails. */
export async function runSeeds(
  range: SeedRange,
  threads: number,
  onProgress: (sofar: SeedsResult) => void,
): Promise<SeedsResult> {
  let next = range.from;
  const end = range.from + range.count;
  let sofar: SeedsResult = { seeds: 0, steps: 0, events: 0, failed: null };
  const take = (): SeedRange | null => {
    if (next >= end || sofar.failed !== null) return null;
    const from = next;
    next = Math.min(end, from + AT_ONCE);
    return { from, count: next - from };
  };
  const note = (result: RangeResult): void => {
    const { seeds, steps, events, failed } = sofar;
    // Of several the lowest: a run with the same seeds says the same.
    const first =
      result.failed !== null && (failed === null || result.failed.seed < failed.seed) ? result.failed : failed;
    sofar = {
      seeds: seeds + result.count,
      steps: steps + result.steps,
      events: events + result.events,
      failed: first,
    };
    onProgress(sofar);
  };
  await Promise.all(Array.from({ length: threads }, () => oneThread(take, note)));
  return sofar;
}

async function oneThread(take: () => SeedRange | null, note: (result: RangeResult) => void): Promise<void> {
  const thread = new Worker(new URL('./seeds-thread.js', import.meta.url));
  try {
    for (let range = take(); range !== null; range = take()) {
      const given = range;
      const result = await new Promise<RangeResult>((resolve, reject) => {
        thread.once('message', resolve);
        thread.once('error', reject);
        thread.postMessage(given);
      });
      thread.removeAllListeners('error');
      note(result);
    }
  } finally {
    await thread.terminate();
  }
}
