import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { askedOf, ended, REPORT, ROOT, Stack, sevenSteps, submit } from '@baton/test-stack';
import { launchChromium } from '@baton/test-stack/browser';
import { settled } from '../testing/browser/settled.js';
import { openVisit } from '../testing/browser/visits.js';

/*
 * `node apps/e2e/dist/screenshots/main.js`: makes the pictures of docs/dashboard.md anew, on a stack of its own with the
 * offline model and some runs.
 */

const FOLDER = join(ROOT, 'docs/images/dashboard');
const MOST_BYTES = 150_000;
/** What charts and pictures of workflows take to stand still. */
const STILL_MS = 700;
const [WIDTH, HEIGHT] = [1_280, 800];
/** Of those that are all text the upper part is enough. */
const SHORTER: Readonly<Record<string, number>> = { events: 540 };

const stack = await Stack.start();
const browser = await launchChromium();
try {
  const places = await seed();
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  const { page } = await openVisit(browser, stack);
  for (const [name, place] of Object.entries(places)) {
    await page.goto(place);
    await settled(page);
    await page.waitForTimeout(STILL_MS);
    const path = join(FOLDER, `${name}.png`);
    const clip = { x: 0, y: 0, width: WIDTH, height: SHORTER[name] ?? HEIGHT };
    await page.screenshot({ path, clip, animations: 'disabled' });
    const { size } = await stat(path);
    process.stdout.write(
      `${name}.png ${Math.round(size / 1_000)} kB${size > MOST_BYTES ? ', which is too much' : ''}\n`,
    );
  }
} finally {
  await browser.close();
  await stack.stop();
}

/** Runs that ended well, one that failed, and one that asks; and what of that is looked at. */
async function seed(): Promise<Readonly<Record<string, string>>> {
  const done = await submit(stack, sevenSteps());
  const others = [await submit(stack, REPORT), await submit(stack, sevenSteps('# Fruit counter\n- Count fruit.\n'))];
  const { input } = sevenSteps();
  const gated = await submit(stack, { workflow: 'seven-step', input: { ...input, gates: 'both' } });
  const { approvalId } = await askedOf(stack, gated);
  const refused = await submit(stack, { workflow: 'seven-step', input: { ...input, gates: 'plan' } });
  const refusal = await askedOf(stack, refused);
  const body = JSON.stringify({ decision: 'reject', comment: 'We have one already.' });
  await stack.api(`/v1/approvals/${refusal.approvalId}/decision`, { method: 'POST', body });
  for (const runId of [done, refused, ...others]) await ended(stack, runId);
  return {
    runs: '/',
    timeline: `/runs/${done}?tab=timeline`,
    events: `/runs/${done}?tab=events&event=40&beside=state`,
    decisions: `/runs/${done}?tab=decisions`,
    code: `/runs/${done}?tab=code`,
    graph: `/runs/${done}?tab=graph`,
    approval: `/approvals?id=${approvalId}`,
    operations: '/operations',
  };
}
