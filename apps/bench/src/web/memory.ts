import { setTimeout as sleep } from 'node:timers/promises';
import { ended, submit } from '@baton/test-stack';
import type { CDPSession } from 'playwright-core';
import { type BenchResult, figure } from '../result.js';
import { publishStates, type WebBench } from './bench-page.js';

const RUNS = 50;
const WARM_UP_MS = 20_000;
const LOOK_EVERY_MS = 30_000;

/** What the tab holds while the list of runs is open and fifty of them go on, a few events a second each. */
export async function benchMemory({ stack, page, minutes, say }: WebBench): Promise<readonly BenchResult[]> {
  say(`${RUNS} runs live for ${minutes} minutes …`);
  const endMs = Date.now() + WARM_UP_MS + minutes * 60_000;
  await publishStates(stack, 'bench-live', 'Wait', {
    Wait: { Type: 'Wait', Seconds: 1, Next: 'Enough' },
    Enough: { Type: 'Choice', Choices: [{ Condition: `{% $millis() < ${endMs} %}`, Next: 'Wait' }], Default: 'Done' },
    Done: { Type: 'Succeed' },
  });
  const runs: string[] = [];
  for (let n = 0; n < RUNS; n += 1) runs.push(await submit(stack, { workflow: 'bench-live', input: { n } }));
  await page.goto('/');
  await page.getByRole('row').nth(1).waitFor();
  const debug = await page.context().newCDPSession(page);
  await debug.send('HeapProfiler.enable');
  await sleep(WARM_UP_MS);
  const used = [await megabytesUsed(debug)];
  while (Date.now() < endMs) {
    await sleep(Math.min(LOOK_EVERY_MS, Math.max(0, endMs - Date.now())));
    used.push(await megabytesUsed(debug));
    say(`${used.at(-1)?.toFixed(1)} MB`);
  }
  // What is measured next may have the log for itself.
  for (const runId of runs) await ended(stack, runId);
  const [before = 0] = used;
  const over = `the tab over ${minutes} min of ${RUNS} runs live`;
  return [
    figure(`${over}: heap in use after a collection`, 'MB', used),
    figure(`${over}: grown by`, 'MB', [(used.at(-1) ?? before) - before]),
  ];
}

async function megabytesUsed(debug: CDPSession): Promise<number> {
  await debug.send('HeapProfiler.collectGarbage');
  return (await debug.send('Runtime.getHeapUsage')).usedSize / 1_000_000;
}
