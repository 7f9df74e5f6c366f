import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { ROOT } from './stack.js';

/** The headless shell, the same engine without all that is there for a window, costs less than half of the processor. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'chromium-headless-shell'];

/** The Chromium of this machine, or null. */
function findChromium(env: NodeJS.ProcessEnv): string | null {
  const named = env.BATON_CHROMIUM ?? '';
  if (named !== '') {
    if (existsSync(named)) return named;
    throw new Error(`BATON_CHROMIUM names ${named}, where there is no program.`);
  }
  const folders = ['/usr/bin', ...(env.PATH ?? '').split(delimiter)];
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync) ?? null;
}

const program = findChromium(process.env);
const isBuilt = existsSync(join(ROOT, 'apps/web/dist/page/index.html'));
const absent =
  program === null
    ? 'neither BATON_CHROMIUM nor a Chromium on the PATH'
    : isBuilt
      ? null
      : 'no dashboard that is built (npm run build)';
if (absent !== null && process.env.BATON_TEST_BROWSER === 'required')
  throw new Error(`BATON_TEST_BROWSER=required, but there is ${absent}. Install one: apt-get install chromium.`);
if (absent !== null) process.stderr.write(`Tests in a browser are skipped: there is ${absent}.\n`);

/** Whether this machine can show the dashboard. */
export const hasBrowser = absent === null;

/** Asks nobody else for anything: no updates, no lists, no accounts. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A Chromium without a window. Whoever starts it closes it. */
export function launchChromium(...flags: readonly string[]): Promise<Browser> {
  if (program === null) throw new Error(`There is ${absent}.`);
  return chromium.launch({ executablePath: program, args: [...FLAGS, ...flags] });
}
