import { Stack } from '@baton/test-stack';
import { launchChromium } from '@baton/test-stack/browser';
import type { Browser, Page } from 'playwright-core';
import { z } from 'zod';
import type { BenchResult } from '../result.js';
import type { WebBench } from './bench-page.js';
import { benchLongList } from './long-list.js';
import { benchLongLog } from './long-log.js';
import { benchMemory } from './memory.js';

const NO_LIMITS = { BATON_RATE_PER_KEY: '0', BATON_RATE_PER_ADDRESS: '0', BATON_MOST_WAITING: '0' };

const PARTS = { log: benchLongLog, memory: benchMemory, list: benchLongList };

type Part = keyof typeof PARTS;

const isPart = (name: string): name is Part => name in PARTS;

/** Those that are named; all of them where none is. */
export function partsNamed(names: readonly string[]): readonly Part[] {
  const parts = (names.length === 0 ? Object.keys(PARTS) : names).filter(isPart);
  if (parts.length < names.length) throw new Error(`--part is one of ${Object.keys(PARTS).join(', ')}.`);
  return parts;
}

interface WebOptions extends Pick<WebBench, 'minutes' | 'everySeconds' | 'say'> {
  readonly parts: readonly Part[];
}

export async function benchWeb({ parts, ...options }: WebOptions): Promise<readonly BenchResult[]> {
  const stack = await Stack.start({ env: NO_LIMITS, args: ['--only', 'gateway,orchestrator'] });
  let browser: Browser | null = null;
  try {
    browser = await launchChromium('--enable-precise-memory-info');
    const page = await signedIn(browser, stack);
    const bench = { ...options, stack, page };
    const results: BenchResult[] = [];
    for (const part of parts) results.push(...(await PARTS[part](bench)));
    return results;
  } finally {
    await browser?.close();
    // Copies by SQL are none that could be decided again: nothing is asked of them.
    await stack.kill('gateway');
    await stack.stop();
  }
}

async function signedIn(browser: Browser, stack: Stack): Promise<Page> {
  const { BATON_URL: baseURL = '' } = (await stack.joinEnv()) ?? {};
  const context = await browser.newContext({ baseURL, viewport: { width: 1_280, height: 800 } });
  const page = await context.newPage();
  const { path } = z.object({ path: z.string() }).parse(await stack.api('/v1/auth/codes', { method: 'POST' }));
  await page.goto(path);
  await page.getByRole('navigation', { name: 'Views' }).waitFor();
  return page;
}
