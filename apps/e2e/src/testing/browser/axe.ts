import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { z } from 'zod';

const Violations = z.array(
  z.object({ id: z.string(), help: z.string(), nodes: z.array(z.object({ target: z.array(z.unknown()) })) }),
);
const THEMES = ['light', 'dark'] as const;

let source: Promise<string> | null = null;
const axeSource = (): Promise<string> => {
  source ??= readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  return source;
};

/** Expects that axe-core finds nothing wrong in what the page shows now, in both themes. */
export async function expectAccessible(page: Page, what: string, within?: string): Promise<void> {
  expect(await violationsIn(page, within), what).toEqual([]);
}

/**
 * What axe-core finds wrong in what the page shows now, in both themes.
 *
 * @param within a selector: what lies over the page, such as a dialog, while the rest is for nobody
 */
export async function violationsIn(page: Page, within?: string): Promise<readonly string[]> {
  // The policy of the page allows no script of ours, but what is evaluated by the protocol of the debugger is none of the page.
  if ((await page.evaluate('typeof axe')) !== 'object') await page.evaluate(await axeSource());
  const said: string[] = [];
  for (const colorScheme of THEMES) {
    await page.emulateMedia({ colorScheme });
    for (const { id, help, nodes } of Violations.parse(await page.evaluate(runOn(within))))
      said.push(`${colorScheme}: ${id}: ${help}: ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`);
  }
  return said;
}

const runOn = (within: string | undefined): string =>
  `axe.run(${within === undefined ? 'document' : JSON.stringify(within)}, { preload: false, resultTypes: ['violations'] })
    .then(({ violations }) => violations)`;

/** By how many pixels the page as a whole is wider than what one sees of it. */
export const sidewaysIn = async (page: Page): Promise<number> =>
  Math.max(0, await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth));
