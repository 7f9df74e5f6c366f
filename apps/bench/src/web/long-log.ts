import { ended, submit } from '@baton/test-stack';
import { type BenchResult, figure, quantile } from '../result.js';
import { publishStates, type WebBench } from './bench-page.js';

/** Of a Map over Pass: a frame begins, a state is entered and left, the frame ends. */
const EVENTS_AN_ITEM = 4;
const EVENTS = 20_000;
const ROUNDS = 5;
const SCROLLED_MS = 4_000;
/** What a screen shows. */
const FRAME_MS = 1_000 / 60;

/** A run of 20,000 events: until its log is seen, and whether it scrolls as fast as a screen shows. */
export async function benchLongLog({ stack, page, say }: WebBench): Promise<readonly BenchResult[]> {
  say(`a run of ${EVENTS} events …`);
  await publishStates(stack, 'bench-long-log', 'Each', {
    Each: {
      Type: 'Map',
      Items: `{% [1..${EVENTS / EVENTS_AN_ITEM}] %}`,
      ItemProcessor: { StartAt: 'One', States: { One: { Type: 'Pass', End: true } } },
      Output: 1,
      End: true,
    },
  });
  const runId = await submit(stack, { workflow: 'bench-long-log', input: {} });
  const { version } = await ended(stack, runId, 600_000);
  const first: number[] = [];
  const whole: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const begun = performance.now();
    await page.goto(`/runs/${runId}?tab=events&lens=all`);
    await page.getByRole('listbox', { name: 'Events' }).getByRole('option').first().waitFor();
    first.push(performance.now() - begun);
    await page.locator(`input[type=range][max="${version}"]`).waitFor({ timeout: 120_000 });
    whole.push(performance.now() - begun);
  }
  const deltas = (await page.getByRole('listbox', { name: 'Events' }).evaluate(scrolled, SCROLLED_MS)).toSorted(
    (a, b) => a - b,
  );
  const dropped = deltas.reduce((sum, ms) => sum + Math.max(0, Math.round(ms / FRAME_MS) - 1), 0);
  const of = `run of ${version} events`;
  return [
    figure(`${of}: the page loaded anew, until rows of its log are seen`, 'ms', first),
    figure(`${of}: until all of its log is there`, 'ms', whole),
    {
      name: `${of}: from frame to frame while it scrolls`,
      unit: 'ms',
      median: quantile(deltas, 0.5),
      p99: quantile(deltas, 0.99),
      runs: deltas.length,
    },
    figure(`${of}: frames dropped of a hundred`, '%', [(100 * dropped) / (dropped + deltas.length)]),
  ];
}

/** Scrolls a list with every frame, and gives the times between them. Runs in the page. */
function scrolled(list: Element, forMs: number): Promise<number[]> {
  const deltas: number[] = [];
  return new Promise((resolve) => {
    const begun = performance.now();
    let last = begun;
    const step = (now: number): void => {
      if (last !== begun) deltas.push(now - last);
      last = now;
      list.scrollTop += 120;
      if (now - begun > forMs) resolve(deltas);
      else requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  });
}
