import { queuesOf, type Servers } from './bench-stack.js';
import { benchChildren } from './children.js';
import { benchLongRun } from './long-run.js';
import { benchMap } from './map.js';
import type { BenchResult } from './result.js';
import { benchWaits } from './waits.js';

const ITEMS = 10_000;

/** Long lists and long lives: what the figures of a step say nothing about. */
export async function benchLong(
  load: Servers & { readonly rounds: number },
  say: (text: string) => void,
): Promise<readonly BenchResult[]> {
  const results: BenchResult[] = [];
  const { redisUrl } = load;
  const lists = [
    { redisUrl: null, maxConcurrency: 0 },
    ...(redisUrl === null ? [] : [0, 100].map((maxConcurrency) => ({ redisUrl, maxConcurrency }))),
  ];
  for (const list of lists) {
    say(`a Map of ${ITEMS} items, ${queuesOf(list)} …`);
    results.push(...(await benchMap({ ...load, ...list, items: ITEMS })));
  }
  say('a run of 20000 events …');
  results.push(...(await benchLongRun({ ...load, events: 20_000 })));
  say('a chain of 100 child runs …');
  results.push(...(await benchChildren({ ...load, depth: 100 })));
  say('10000 runs that wait …');
  results.push(...(await benchWaits({ ...load, runs: 10_000 })));
  return results;
}
