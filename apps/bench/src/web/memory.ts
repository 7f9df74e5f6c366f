import { setTimeout as sleep } from 'node:timers/promises';
import { ended, submit } from '@baton/test-stack';
import type { CDPSession } from 'playwright-core';
import { type BenchResult, figure } from '../result.js';
import { publishStates, type WebBench } from './bench-page.js';
import { trendOf } from './trend.js';

const RUNS = 50;
const WARM_UP_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Of an hour each minute; of what is shorter at least so many. */
const [LOOK_EVERY_MS, LEAST_LOOKS] = [60_000, 6];
/** Either side of a slope: what lies within may be noise, nineteen times of twenty. */
const ERRORS = 2;

/** What the tab holds once its garbage is collected. */
interface Held {
  readonly heapMb: number;
  readonly nodes: number;
  readonly listeners: number;
}

const HELD = [
  ['heap in use', 'MB', ({ heapMb }: Held) => heapMb],
  ['nodes of documents', 'nodes', ({ nodes }: Held) => nodes],
  ['listeners of events', '', ({ listeners }: Held) => listeners],
] as const;

/** What the tab holds while the list of runs is open and fifty of them go on, each a few events every so many seconds. */
export async function benchMemory(bench: WebBench): Promise<readonly BenchResult[]> {
  const { stack, page, minutes, everySeconds, say } = bench;
  say(`${RUNS} runs live for ${minutes} minutes, each at work every ${everySeconds} s …`);
  const endMs = Date.now() + WARM_UP_MS + minutes * 60_000;
  const runs = await submitted(bench, endMs);
  let asked = 0;
  page.on('request', (request) => {
    if (new URL(request.url()).pathname === '/v1/runs') asked += 1;
  });
  await page.goto('/');
  await page.getByRole('row').nth(1).waitFor();
  const debug = await page.context().newCDPSession(page);
  await debug.send('HeapProfiler.enable');
  await sleep(Math.max(0, endMs - minutes * 60_000 - Date.now()));
  const lookEveryMs = Math.min(LOOK_EVERY_MS, (minutes * 60_000) / LEAST_LOOKS);
  const [begunMs, askedBefore] = [Date.now(), asked];
  const looks = [await heldBy(debug)];
  while (begunMs + looks.length * lookEveryMs <= endMs) {
    await sleep(Math.max(0, begunMs + looks.length * lookEveryMs - Date.now()));
    const held = await heldBy(debug);
    looks.push(held);
    say(`${looks.length}: ${held.heapMb.toFixed(2)} MB, ${held.nodes} nodes, ${held.listeners} listeners`);
  }
  const listed = asked - askedBefore;
  // What is measured next may have the log for itself.
  for (const runId of runs) await ended(stack, runId, 60_000 + everySeconds * 2_000);
  const over = `the tab over ${minutes} min of ${RUNS} runs live`;
  return [
    figure(`${over}: the list asked for again`, 'times', [listed]),
    ...HELD.flatMap(([what, unit, of]) => {
      const values = looks.map(of);
      return [
        figure(`${over}: ${what} after a collection`, unit, values),
        perHour(`${over}: ${what}, slope (in brackets what it may be)`, `${unit}/h`, values, HOUR_MS / lookEveryMs),
      ];
    }),
  ];
}

async function submitted({ stack, everySeconds }: WebBench, endMs: number): Promise<readonly string[]> {
  await publishStates(stack, 'bench-live', 'Wait', {
    Wait: { Type: 'Wait', Seconds: everySeconds, Next: 'Enough' },
    Enough: { Type: 'Choice', Choices: [{ Condition: `{% $millis() < ${endMs} %}`, Next: 'Wait' }], Default: 'Done' },
    Done: { Type: 'Succeed' },
  });
  const runs: string[] = [];
  for (let n = 0; n < RUNS; n += 1) {
    runs.push(await submit(stack, { workflow: 'bench-live', input: { n } }));
    // One after another, so that something happens all the time, and not much at once.
    await sleep((everySeconds * 1_000) / RUNS);
  }
  return runs;
}

function perHour(name: string, unit: string, values: readonly number[], looksAnHour: number): BenchResult {
  const { slope, error } = trendOf(values);
  const [median, noise] = [slope * looksAnHour, ERRORS * error * looksAnHour];
  return { name, unit, median, min: median - noise, max: median + noise, runs: values.length };
}

async function heldBy(debug: CDPSession): Promise<Held> {
  // What a finalizer lets go of is garbage only for the next one.
  await debug.send('HeapProfiler.collectGarbage');
  await debug.send('HeapProfiler.collectGarbage');
  const { usedSize } = await debug.send('Runtime.getHeapUsage');
  const { nodes, jsEventListeners } = await debug.send('Memory.getDOMCounters');
  return { heapMb: usedSize / 1_000_000, nodes, listeners: jsEventListeners };
}
