import { parentPort } from 'node:worker_threads';
import { simulate } from './simulate.js';

/** Runs the seeds that it is given, one after the other, and says how each range went. */

export interface SeedRange {
  readonly from: number;
  readonly count: number;
}

export interface RangeResult extends SeedRange {
  readonly steps: number;
  readonly events: number;
  /** The first seed that failed; no further one was run. */
  readonly failed: { readonly seed: number; readonly problem: string } | null;
}

parentPort?.on('message', async ({ from, count }: SeedRange) => {
  let steps = 0;
  let events = 0;
  let failed: RangeResult['failed'] = null;
  for (let seed = from; seed < from + count && failed === null; seed += 1) {
    const result = await simulate({ seed });
    steps += result.steps;
    events += result.log.length;
    if (result.problem !== null) failed = { seed, problem: result.problem };
  }
  const told: RangeResult = { from, count, steps, events, failed };
  parentPort?.postMessage(told);
});
