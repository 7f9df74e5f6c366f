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

/**
 * Expects that axe-core finds nothing wrong in what the page shows now, in both themes.
 *
 * @param within a selector: what lies over the page, such as a dialog, while the rest is for nobody
 */
export async function expectAccessible(page: Page, what: string, within?: string): Promise<void> {
  // The policy of the page allows no script of ours, but what is evaluated by the protocol of the debugger is none of the page.
  if ((await page.evaluate('typeof axe')) !== 'object') await page.evaluate(await axeSource());
  for (const colorScheme of THEMES) {
    await page.emulateMedia({ colorScheme });
    const violations = Violations.parse(await page.evaluate(runOn(within)));
    const said = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(targetOf).join(' | ')}`);
    expect(said, `${what}, ${colorScheme}`).toEqual([]);
  }
}

const runOn = (within: string | undefined): string =>
  `axe.run(${within === undefined ? 'document' : JSON.stringify(within)}, { preload: false, resultTypes: ['violations'] })
    .then(({ violations }) => violations)`;

const targetOf = ({ target }: { readonly target: readonly unknown[] }): string => target.join(' ');

/** Expects that the page as a whole is no wider than what one sees of it. */
export async function expectNoSidewaysScroll(page: Page, what: string): Promise<void> {
  const beyond = z.number().parse(await page.evaluate('document.documentElement.scrollWidth - window.innerWidth'));
  expect(beyond, `${what} is wider than its window, by`).toBeLessThanOrEqual(0);
}
