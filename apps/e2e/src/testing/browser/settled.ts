import type { Page } from 'playwright-core';

/** Until a view shows something, and nothing in it says any more that it is loading. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(isSettled, undefined, { polling: 100 });
}

/** Runs in the page, again and again: true once the second look in a row finds nothing under way. */
function isSettled(): boolean {
  const isQuiet =
    (document.querySelector('main')?.textContent ?? '') !== '' &&
    document.querySelector('[role=status][aria-label=Loading], [aria-busy=true]') === null;
  const wasQuiet = document.documentElement.dataset.wasQuiet === 'yes';
  document.documentElement.dataset.wasQuiet = isQuiet ? 'yes' : 'no';
  return isQuiet && wasQuiet;
}
