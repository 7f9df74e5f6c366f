import { randomUUID } from 'node:crypto';
import type { Stack } from '@baton/test-stack';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { z } from 'zod';

export interface VisitOptions {
  /** Where in the dashboard: a path, with what is searched for. The runs, unless said otherwise. */
  readonly to?: string;
  /** Whose key signs in, or null for nobody. By a link of an admin, unless said otherwise. */
  readonly key?: string | null;
  readonly width?: number;
  readonly theme?: 'light' | 'dark';
}

/** One browser profile with one page of the dashboard, and all that went wrong in it. */
export interface Visit {
  readonly page: Page;
  /** The address of the gateway that serves the page. */
  readonly origin: string;
  /** What the page may complain of from here on, as where a gateway is killed or something is asked for that is not there; until that is taken back. */
  readonly allow: (complaint: RegExp) => () => void;
  /** Takes what the page complained of since it was last asked, and may not. What nobody takes fails the test. */
  readonly takeFaults: () => readonly string[];
  readonly close: () => Promise<void>;
}

const HEIGHT = 800;
/** How long what is to be seen may take to be there on a busy machine, milliseconds. */
const PATIENCE_MS = 60_000;
/** That nobody is signed in is an answer like others, but the browser calls it an error. */
export const NOBODY = /status of 401 .*\/v1\/auth\/session\)$/;
const Key = z.object({ key: z.string() });
const Code = z.object({ path: z.string() });

export async function openVisit(browser: Browser, stack: Stack, options: VisitOptions = {}): Promise<Visit> {
  const { to = '/', key, width = 1_280, theme = 'light' } = options;
  const origin = (await stack.joinEnv())?.BATON_URL ?? '';
  const context = await browser.newContext({
    baseURL: origin,
    viewport: { width, height: HEIGHT },
    colorScheme: theme,
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const { allow, takeFaults } = faultsOf(context, origin);
  const page = await context.newPage();
  const close = (): Promise<void> => context.close();
  const visit: Visit = { page, origin, allow, takeFaults, close };
  // Also whoever follows a link is nobody before.
  const forbid = typeof key === 'string' ? null : allow(NOBODY);
  if (typeof key === 'string') await signInWith(page, origin, key);
  await page.goto(key === undefined ? await linkTo(stack, to) : to);
  if (key === undefined) {
    await page.waitForURL((url) => url.pathname !== '/sign-in');
    forbid?.();
  }
  return visit;
}

/** A link that signs in, as `baton auth link` makes it, and leads on to a place. */
export async function linkTo(stack: Stack, to: string): Promise<string> {
  const { path } = Code.parse(await stack.api('/v1/auth/codes', { method: 'POST' }));
  const [place = '', code = ''] = path.split('#');
  return `${place}?to=${encodeURIComponent(to)}#${code}`;
}

/** A new key with one role. */
export async function keyOf(stack: Stack, role: string): Promise<string> {
  const body = JSON.stringify({ name: `browser-${role}-${randomUUID().slice(0, 8)}`, roles: [role] });
  return Key.parse(await stack.api('/v1/auth/keys', { method: 'POST', body })).key;
}

/** Without a page: the cookie is the context's. */
async function signInWith(page: Page, origin: string, token: string): Promise<void> {
  const headers = { origin, 'sec-fetch-site': 'same-origin' };
  const answer = await page.request.post('/v1/auth/session', { data: { token }, headers });
  if (!answer.ok()) throw new Error(`signing in with a key answered ${answer.status()}: ${await answer.text()}`);
}

/**
 * Whatever a page of the context complains of: an error in the console (what breaks the policy of the page is one), one that
 * nobody caught, and a request to anywhere else than where the page came from.
 */
function faultsOf(context: BrowserContext, origin: string) {
  const complaints: string[] = [];
  const allowed = new Set<RegExp>();
  const complain = (complaint: string): void => {
    if (![...allowed].some((pattern) => pattern.test(complaint))) complaints.push(complaint);
  };
  context.on('console', (message) => {
    if (message.type() === 'error') complain(`console: ${message.text()} (${message.location().url})`);
  });
  context.on('weberror', (error) => complain(`not caught: ${error.error().stack ?? error.error().message}`));
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (url.origin !== origin && url.protocol !== 'data:') complain(`request to ${url.origin}`);
  });
  return {
    allow: (pattern: RegExp) => {
      allowed.add(pattern);
      return () => void allowed.delete(pattern);
    },
    takeFaults: (): readonly string[] => complaints.splice(0),
  };
}
