import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Browser, openBrowser } from '../testing/browser.js';
import { type Answer, startTestGateway, type TestGateway, TOKEN } from '../testing/test-gateway.js';
import { AUDIENCE, startTestIssuer, type TestIssuer } from '../testing/test-issuer.js';

const SECRET = 'a secret: of the client';
let issuer: TestIssuer;
let gateway: TestGateway;
/** A public client: without a secret. */
let open: TestGateway;
beforeAll(async () => {
  issuer = await startTestIssuer();
  const oidc = {
    BATON_OIDC_ISSUER: issuer.url,
    BATON_OIDC_AUDIENCE: AUDIENCE,
    BATON_OIDC_ROLES: 'platform=admin; data=viewer',
    BATON_OIDC_CLIENT_ID: 'baton-dashboard',
    BATON_OIDC_CLOCK_TOLERANCE_S: '0',
  };
  gateway = await startTestGateway(inject('postgresUrl'), { oidc: { ...oidc, BATON_OIDC_CLIENT_SECRET: SECRET } });
  open = await startTestGateway(inject('postgresUrl'), { oidc, trustedProxies: ['127.0.0.1'] });
});
afterAll(async () => {
  await gateway?.stop();
  await open?.stop();
  await issuer?.stop();
});

const ada = { sub: 'ada', groups: ['data'] };

/** Goes to the provider, which leads back to the path that is returned. */
async function leave(browser: Browser, change: object = {}, claims: object = ada): Promise<string> {
  const begun = await browser.ask('GET', '/v1/auth/oidc/start', undefined, { 'sec-fetch-site': 'none' });
  expect(begun.status).toBe(303);
  const back = new URL(issuer.visit(begun.headers.get('location') ?? '', { ...claims }, { ...change }));
  return `${back.pathname}${back.search}`;
}
const comeBack = (browser: Browser, path: string): Promise<Answer> =>
  browser.ask('GET', path, undefined, { 'sec-fetch-site': 'cross-site' });

test('the ways to sign in name the provider', async () => {
  expect((await gateway.bare('/v1/auth/options')).body).toEqual({
    code: true,
    key: true,
    oidc: { issuer: issuer.url, clientId: 'baton-dashboard' },
  });
});

test('whoever signs in at the provider comes back signed in, with the roles of their groups', async () => {
  const browser = openBrowser(gateway);
  const begun = await browser.ask('GET', '/v1/auth/oidc/start');
  const address = new URL(begun.headers.get('location') ?? '');
  expect(address.origin).toBe(issuer.url);
  expect(Object.fromEntries(address.searchParams)).toMatchObject({
    tenant: '1',
    response_type: 'code',
    client_id: 'baton-dashboard',
    redirect_uri: `${gateway.url}/v1/auth/oidc/callback`,
    scope: 'openid profile email',
    code_challenge_method: 'S256',
  });
  const [kept = ''] = begun.headers.getSetCookie();
  expect(kept.split('; ').slice(1).sort()).toEqual(['HttpOnly', 'Max-Age=600', 'Path=/v1/auth/oidc', 'SameSite=Lax']);
  const back = new URL(issuer.visit(address.href, ada));
  const answer = await comeBack(browser, `${back.pathname}${back.search}`);
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/']);
  const cookies = answer.headers.getSetCookie();
  expect(cookies[0]).toMatch(/^baton_session=[\w-]{43}; .*SameSite=Strict/);
  expect(cookies[1]).toMatch(/^baton_oidc=; .*Max-Age=0/);
  const { body } = await browser.ask('GET', '/v1/auth/session');
  expect(body).toMatchObject({ actor: { type: 'user', id: 'ada', via: 'oidc' }, roles: ['viewer'] });
  expect(body.endsAt).toBe(body.expiresAt);
  expect(issuer.exchanges.at(-1)?.authorization).toBe(
    `Basic ${Buffer.from(`baton-dashboard:${encodeURIComponent(SECRET)}`).toString('base64')}`,
  );
  expect(JSON.stringify(issuer.exchanges.at(-1)?.form)).not.toContain('secret');
  const noted = (
    await gateway.bare('/v1/auth/log?kind=signed-in&limit=1', { headers: { authorization: `Bearer ${TOKEN}` } })
  ).body;
  expect(noted.entries[0]).toMatchObject({ actor: { id: 'ada' }, about: 'oidc' });
});

test('a client without a secret has its verifier alone', async () => {
  const browser = openBrowser(open);
  expect((await comeBack(browser, await leave(browser))).status).toBe(303);
  expect(issuer.exchanges.at(-1)).toMatchObject({ authorization: undefined, form: { client_id: 'baton-dashboard' } });
  expect((await browser.ask('GET', '/v1/auth/session')).status).toBe(200);
});

test('over TLS no neighbouring name can plant a sign-in that it began itself', async () => {
  const https = { 'x-forwarded-proto': 'https' };
  const browser = openBrowser(open, https);
  const path = await leave(browser);
  const [pair = ''] = browser.cookies().split('; ');
  expect(pair).toMatch(/^__Host-baton_oidc=/);
  const planted = { cookie: pair.replace('__Host-', ''), ...https };
  expect((await open.bare(path, { headers: planted, redirect: 'manual' })).body).toMatchObject({
    code: 'sign-in-not-begun',
  });
  const answer = await comeBack(browser, path);
  expect(answer.status).toBe(303);
  const [, forgotten = ''] = answer.headers.getSetCookie();
  expect(forgotten.split('; ')).toEqual(
    expect.arrayContaining(['__Host-baton_oidc=', 'Path=/', 'Max-Age=0', 'Secure']),
  );
});

test('such a session ends with its token, and the token opens nothing as a bearer', {
  retry: 2,
  timeout: 20_000,
}, async () => {
  const browser = openBrowser(gateway);
  const inThree = Math.floor(Date.now() / 1000) + 3;
  const idToken = await issuer.token({ ...ada, aud: 'baton-dashboard' });
  expect((await gateway.bare('/v1/auth/me', { headers: { authorization: `Bearer ${idToken}` } })).status).toBe(401);
  const brief = await issuer.token({ ...ada }, { expiresIn: inThree });
  expect((await browser.ask('POST', '/v1/auth/session', { token: brief })).status).toBe(201);
  expect((await browser.ask('GET', '/v1/runs')).status).toBe(200);
  const response = await fetch(`${gateway.url}/v1/events`, {
    headers: { cookie: browser.cookies(), accept: 'text/event-stream' },
  });
  expect(response.status).toBe(200);
  await response.text().catch(() => '');
  expect(Date.now()).toBeLessThan((inThree + 8) * 1_000);
  await expect.poll(async () => (await browser.ask('GET', '/v1/runs')).status).toBe(401);
});

test('a code of such a session begins another one of the same token', async () => {
  const browser = openBrowser(gateway);
  await comeBack(browser, await leave(browser, {}, { sub: 'root', groups: ['platform'] }));
  await browser.ask('GET', '/v1/auth/session');
  const { code } = (await browser.ask('POST', '/v1/auth/codes')).body;
  const other = await openBrowser(gateway).ask('POST', '/v1/auth/session', { code });
  expect(other).toMatchObject({ status: 201, body: { actor: { id: 'root' }, roles: ['admin'] } });
});

describe('coming back is refused', () => {
  const refusedBack = async (browser: Browser, path: string, status: number, code: string): Promise<void> => {
    const answer = await comeBack(browser, path);
    expect(answer).toMatchObject({ status, body: { code } });
    expect(answer.headers.getSetCookie()).toEqual([]);
  };

  test('to a browser that did not leave, or left for something else', async () => {
    const [browser, other] = [openBrowser(gateway), openBrowser(gateway)];
    const path = await leave(browser);
    await refusedBack(openBrowser(gateway), path, 401, 'sign-in-not-begun');
    await leave(other);
    await refusedBack(other, path, 401, 'sign-in-not-begun');
    await refusedBack(browser, path.replace(/state=[^&]+/, 'state=x'), 401, 'sign-in-not-begun');
    await refusedBack(browser, path.replace(/&?state=[^&]+/, ''), 401, 'sign-in-not-begun');
    expect((await comeBack(browser, path)).status).toBe(303);
  });

  test('with a code that was used, that is another’s, or with none', async () => {
    const browser = openBrowser(gateway);
    const cookie = { cookie: '' };
    const path = await leave(browser);
    cookie.cookie = browser.cookies();
    expect((await comeBack(browser, path)).status).toBe(303);
    const again = await gateway.bare(path, { headers: cookie, redirect: 'manual' });
    expect(again).toMatchObject({ status: 401, body: { code: 'oidc-refused' } });
    const others = new URLSearchParams((await leave(openBrowser(gateway))).split('?')[1]).get('code');
    await refusedBack(browser, (await leave(browser)).replace(/code=[^&]+/, `code=${others}`), 401, 'oidc-refused');
    await refusedBack(
      browser,
      (await leave(browser)).replace(/code=[^&]+/, 'error=access_denied'),
      401,
      'oidc-refused',
    );
    await refusedBack(
      browser,
      (await leave(browser)).replace(/iss=[^&]+/, 'iss=https://evil.example'),
      401,
      'oidc-refused',
    );
  });

  test.each<[string, object, number, string]>([
    ['of another sign-in', { nonce: 'another' }, 401, 'oidc-refused'],
    ['without a nonce', { nonce: undefined }, 401, 'oidc-refused'],
    ['for the API instead', { aud: AUDIENCE }, 401, 'unauthorized'],
    ['for others beside us', { aud: ['baton-dashboard', 'others'], azp: 'others' }, 401, 'oidc-refused'],
    ['for others beside us, who are not named', { aud: ['baton-dashboard', 'others'] }, 401, 'oidc-refused'],
    ['of another issuer', { iss: 'https://evil.example' }, 401, 'unauthorized'],
    ['of somebody without a role', { groups: ['nobody'] }, 403, 'forbidden'],
  ])('with a token %s', async (_, change, status, code) => {
    const browser = openBrowser(gateway);
    await refusedBack(browser, await leave(browser, change), status, code);
  });

  test('while the provider is away, and not for good', async () => {
    const browser = openBrowser(gateway);
    const path = await leave(browser);
    issuer.fail(true);
    try {
      expect(await comeBack(browser, path)).toMatchObject({ status: 503, body: { code: 'issuer-unreachable' } });
    } finally {
      issuer.fail(false);
    }
    expect((await comeBack(browser, path)).status).toBe(303);
  });
});

test('whoever comes back with wrong codes again and again is told to wait', async () => {
  const browser = openBrowser(open);
  const statuses: number[] = [];
  for (let n = 0; n < 25; n += 1) {
    const path = await leave(browser);
    statuses.push((await comeBack(browser, path.replace(/code=[^&]*/, `code=wrong-${n}`))).status);
  }
  expect(statuses[0]).toBe(401);
  expect(statuses.at(-1)).toBe(429);
  // The right one passes all the same.
  expect((await comeBack(browser, await leave(browser))).status).toBe(303);
});
