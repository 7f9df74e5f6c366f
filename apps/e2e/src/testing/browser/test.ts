import { hasBrowser, launchChromium } from '@baton/test-stack/browser';
import type { Browser } from 'playwright-core';
import { afterAll, describe } from 'vitest';
import { test as base } from '../shared-stack.js';
import { openVisit, type Visit, type VisitOptions } from './visits.js';

const SHOWN = 6_000;
let running: Promise<Browser> | null = null;

const browser = (): Promise<Browser> => {
  running ??= launchChromium();
  return running;
};

async function closeBrowser(): Promise<void> {
  const closing = running;
  running = null;
  await (await closing)?.close();
}

/** Tests that look at the dashboard. A file has one browser, which is closed behind its last test. Skipped where the machine has none. */
export function inBrowser(title: string, tests: () => void): void {
  // Of the file, and not of what is described: to start a browser costs a second of the processor.
  afterAll(closeBrowser);
  describe.skipIf(!hasBrowser)(title, tests);
}

/**
 * `test` for files that look at the dashboard: `visit` opens it, in a profile of its own that is gone after the test, signed in
 * as an admin by the link that people use. A test fails where the page complained of anything.
 */
export const test = base.extend('visit', async ({ everything, task }, { onCleanup }) => {
  const visits: Visit[] = [];
  onCleanup(async () => {
    if (task.result?.state === 'fail') for (const visit of visits) await tell(visit);
    await Promise.all(visits.map((visit) => visit.close()));
    const faults = visits.flatMap((visit) => visit.takeFaults());
    if (faults.length > 0) throw new Error(`the page complained:\n${faults.join('\n')}`);
  });
  return async (options: VisitOptions = {}): Promise<Visit> => {
    const visit = await openVisit(await browser(), everything, options);
    visits.push(visit);
    return visit;
  };
});

/** What somebody would have seen who looked when the test failed. */
async function tell({ page }: Visit): Promise<void> {
  const seen = await page
    .locator('body')
    .ariaSnapshot({ timeout: 2_000 })
    .catch(() => '');
  process.stderr.write(`\n${page.url()} showed:\n${seen.slice(0, SHOWN)}\n`);
}
