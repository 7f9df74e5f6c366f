import { expect } from 'vitest';
import type { Answer, TestGateway } from './test-gateway.js';

/** What a browser does of itself: keeps cookies, and sends them with what its page asks. */
export interface Browser {
  /** As the page that is open: with the cookies, and whence the request comes. */
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** The header Cookie. */
  cookies(): string;
  /** The page remembers it, and sends it with what is no GET. */
  csrf: string | null;
}

export function openBrowser(gateway: Pick<TestGateway, 'bare'>, always: Record<string, string> = {}): Browser {
  const kept = new Map<string, string>();
  const keep = (line: string): void => {
    const [pair = ''] = line.split(';');
    const at = pair.indexOf('=');
    if (/; *Max-Age=0\b/i.test(line)) kept.delete(pair.slice(0, at));
    else kept.set(pair.slice(0, at), pair.slice(at + 1));
  };
  const browser: Browser = {
    csrf: null,
    cookies: () => [...kept].map(([name, value]) => `${name}=${value}`).join('; '),
    ask: async (method, path, body, headers = {}) => {
      const isRead = method === 'GET' || method === 'HEAD';
      const answer = await gateway.bare(path, {
        method,
        redirect: 'manual',
        headers: {
          'sec-fetch-site': 'same-origin',
          ...(kept.size === 0 ? {} : { cookie: browser.cookies() }),
          ...(isRead || browser.csrf === null ? {} : { 'x-baton-csrf': browser.csrf }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...always,
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      for (const line of answer.headers.getSetCookie()) keep(line);
      if (typeof answer.body?.csrf === 'string') browser.csrf = answer.body.csrf;
      return answer;
    },
  };
  return browser;
}

/** A key of that name. */
export async function makeKey(
  gateway: TestGateway,
  name: string,
  body: object = { roles: ['viewer'] },
): Promise<string> {
  const made = await gateway.post('/v1/auth/keys', { name, ...body });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return made.body.key;
}

/** A browser in which somebody is signed in. */
export async function signIn(gateway: TestGateway, token: string): Promise<Browser> {
  const browser = openBrowser(gateway);
  const answer = await browser.ask('POST', '/v1/auth/session', { token });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return browser;
}
