import { createPool } from '@baton/event-store';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Browser, makeKey, openBrowser, signIn } from '../testing/browser.js';
import { startTestGateway, type TestGateway, TOKEN } from '../testing/test-gateway.js';

let gateway: TestGateway;
let owner: Pool;
beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'), { trustedProxies: ['127.0.0.1'] });
  owner = createPool(gateway.databaseUrl, { role: 'owner', applicationName: 'sessions-test', max: 1 });
});
afterAll(async () => {
  await owner?.end();
  await gateway?.stop();
});

const newKey = (name: string, body?: object) => makeKey(gateway, name, body);
const signedIn = (token: string) => signIn(gateway, token);
const newCode = async (): Promise<string> => (await gateway.post('/v1/auth/codes')).body.code;
test('the ways to sign in are told to everybody', async () => {
  expect((await gateway.bare('/v1/auth/options')).body).toEqual({ code: true, key: true, oidc: null });
});

describe('signing in', () => {
  test('with a token says who one is, and sets a cookie that no script and no other site can use', async () => {
    const browser = openBrowser(gateway);
    const { status, body, headers } = await browser.ask('POST', '/v1/auth/session', { token: TOKEN });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      actor: { type: 'apikey', id: 'local-admin' },
      roles: ['admin'],
      scope: null,
      expiresAt: null,
      csrf: expect.stringMatching(/^[\w-]{43}$/),
    });
    const days = (Date.parse(body.endsAt) - Date.now()) / 86_400_000;
    expect(Math.abs(days - 7)).toBeLessThan(0.01);
    const [cookie = '', ...others] = headers.getSetCookie();
    expect(others).toEqual([]);
    const [pair = '', ...attributes] = cookie.split('; ');
    expect(pair).toMatch(/^baton_session=[\w-]{43}$/);
    expect(attributes.sort()).toEqual([
      'HttpOnly',
      expect.stringMatching(/^Max-Age=60\d{4}$/),
      'Path=/',
      'SameSite=Strict',
    ]);
    expect(JSON.stringify(body)).not.toContain(pair.split('=')[1]);
    expect(headers.get('cache-control')).toBe('no-store');
    const again = await browser.ask('GET', '/v1/auth/session');
    expect([again.status, again.body]).toEqual([200, body]);
    expect((await browser.ask('GET', '/v1/runs')).status).toBe(200);
  });

  test('through a proxy that is believed to speak TLS, the cookie is for TLS and this host alone', async () => {
    const https = { 'x-forwarded-proto': 'https' };
    const browser = openBrowser(gateway, https);
    const { headers } = await browser.ask('POST', '/v1/auth/session', { token: TOKEN });
    const [cookie = ''] = headers.getSetCookie();
    expect(cookie).toMatch(/^__Host-baton_session=[\w-]{43}; Path=\/; /);
    expect(cookie.split('; ')).toEqual(expect.arrayContaining(['Secure', 'HttpOnly', 'SameSite=Strict']));
    expect((await browser.ask('GET', '/v1/auth/session')).status).toBe(200);
    // What a neighbour set without the prefix is not looked at.
    const planted = { cookie: browser.cookies().replace('__Host-', ''), ...https };
    expect((await gateway.bare('/v1/auth/session', { headers: planted })).status).toBe(401);
  });

  test('with a key it is the key’s session, with its roles and its scope', async () => {
    const browser = await signedIn(await newKey('narrow', { roles: ['viewer'], scope: { own: true } }));
    expect((await browser.ask('GET', '/v1/auth/session')).body).toMatchObject({
      actor: { id: 'narrow' },
      roles: ['viewer'],
      scope: { own: true },
    });
    expect((await browser.ask('GET', '/v1/workers')).body).toMatchObject({ code: 'out-of-scope' });
    expect((await browser.ask('POST', '/v1/queues/rebuild')).body).toMatchObject({ code: 'forbidden' });
  });

  test('with what is wrong is refused, and slowed down like any guess', async () => {
    const guesser = openBrowser(gateway, { 'x-forwarded-for': '203.0.113.7' });
    for (const body of [{ token: 'wrong' }, { code: 'wrong' }, { token: 'baton_wrong' }])
      expect((await guesser.ask('POST', '/v1/auth/session', body)).status).toBe(401);
    for (const body of [{}, { code: '' }, { code: 'a', token: 'b' }, { code: 'x'.repeat(201) }, [], { key: 'a' }])
      expect((await guesser.ask('POST', '/v1/auth/session', body)).status).toBe(422);
    const answers = [];
    for (let n = 0; n < 30; n += 1) answers.push(await guesser.ask('POST', '/v1/auth/session', { code: `wrong-${n}` }));
    expect(answers.at(-1)).toMatchObject({ status: 429, body: { code: 'too-many-wrong-tokens' } });
    expect((await guesser.ask('POST', '/v1/auth/session', { code: await newCode() })).status).toBe(201);
  });

  test('is not done for a page of another origin', async () => {
    for (const site of ['cross-site', 'same-site', 'nonsense']) {
      const answer = await openBrowser(gateway).ask(
        'POST',
        '/v1/auth/session',
        { token: TOKEN },
        { 'sec-fetch-site': site },
      );
      expect(answer).toMatchObject({ status: 403, body: { code: 'csrf' } });
      expect(answer.headers.getSetCookie()).toEqual([]);
    }
    const asForm = { 'content-type': 'text/plain' };
    expect((await openBrowser(gateway).ask('POST', '/v1/auth/session', { token: TOKEN }, asForm)).status).toBe(415);
  });

  test('again ends the session of before', async () => {
    const browser = await signedIn(TOKEN);
    const former = { cookie: browser.cookies() };
    await browser.ask('POST', '/v1/auth/session', { token: TOKEN });
    expect((await browser.ask('GET', '/v1/auth/session')).status).toBe(200);
    expect((await gateway.bare('/v1/auth/session', { headers: former })).body).toMatchObject({ code: 'session-over' });
  });
});

describe('with a cookie, what changes something', () => {
  const attempt = (browser: Browser, headers: Record<string, string>) =>
    gateway.bare('/v1/queues/rebuild', { method: 'POST', headers: { cookie: browser.cookies(), ...headers } });

  test('needs what only a page of this origin knows', async () => {
    const [browser, other] = [await signedIn(TOKEN), await signedIn(TOKEN)];
    const wrong: readonly Record<string, string>[] = [
      {},
      { 'x-baton-csrf': '' },
      { 'x-baton-csrf': 'wrong' },
      { 'x-baton-csrf': other.csrf ?? '' },
      { 'x-baton-csrf': browser.csrf ?? '', 'sec-fetch-site': 'cross-site' },
      { 'x-baton-csrf': browser.csrf ?? '', 'sec-fetch-site': 'same-site' },
    ];
    for (const headers of wrong)
      expect(await attempt(browser, headers)).toMatchObject({ status: 403, body: { code: 'csrf' } });
    expect((await browser.ask('DELETE', '/v1/auth/session', undefined, { 'x-baton-csrf': 'wrong' })).status).toBe(403);
    const right: readonly Record<string, string>[] = [
      {},
      { 'sec-fetch-site': 'same-origin' },
      { 'sec-fetch-site': 'none' },
    ];
    for (const headers of right)
      expect((await attempt(browser, { 'x-baton-csrf': browser.csrf ?? '', ...headers })).status).toBe(202);
  });

  test('looking does not', async () => {
    const browser = await signedIn(TOKEN);
    browser.csrf = null;
    for (const method of ['GET', 'HEAD']) expect((await browser.ask(method, '/v1/runs')).status).toBe(200);
  });

  test('and no page of another origin may have anything looked at, be it only to keep the gateway busy', async () => {
    const browser = await signedIn(TOKEN);
    for (const site of ['cross-site', 'same-site'])
      for (const path of ['/v1/runs', '/v1/audit/export', '/v1/events'])
        expect(await browser.ask('GET', path, undefined, { 'sec-fetch-site': site })).toMatchObject({
          status: 403,
          body: { code: 'csrf' },
        });
    for (const site of ['same-origin', 'none'])
      expect((await browser.ask('GET', '/v1/runs', undefined, { 'sec-fetch-site': site })).status).toBe(200);
    const byToken = { authorization: `Bearer ${TOKEN}`, 'sec-fetch-site': 'same-site' };
    expect((await gateway.bare('/v1/runs', { headers: byToken })).status).toBe(200);
  });

  test('a request with a token is that token’s, whatever cookie comes with it', async () => {
    const browser = await signedIn(TOKEN);
    const key = await newKey('beside-a-cookie');
    const headers = { cookie: browser.cookies(), authorization: `Bearer ${key}` };
    expect((await gateway.bare('/v1/auth/me', { headers })).body.actor.id).toBe('beside-a-cookie');
    expect((await gateway.bare('/v1/queues/rebuild', { method: 'POST', headers })).body).toMatchObject({
      code: 'forbidden',
    });
    const wrong = { cookie: browser.cookies(), authorization: 'Bearer wrong' };
    expect((await gateway.bare('/v1/auth/me', { headers: wrong })).status).toBe(401);
    expect((await gateway.bare('/v1/auth/session', { headers })).body).toMatchObject({ code: 'no-session' });
  });
});

test('the database holds no secret of a session or code, and the log of access has who came and went', async () => {
  const code = await newCode();
  const browser = openBrowser(gateway);
  await browser.ask('POST', '/v1/auth/session', { code });
  const open = await newCode();
  const secret = browser.cookies().split('=')[1] ?? '';
  const { rows } = await owner.query(
    `select row_to_json(s)::text as row from baton.web_session s union all select row_to_json(c)::text from baton.sign_in_code c
     union all select row_to_json(l)::text from baton.access_log l`,
  );
  const all = rows.map(({ row }) => row).join('\n');
  for (const each of [secret, code, open, browser.csrf ?? '', TOKEN]) {
    expect(all).not.toContain(each);
    expect(all).not.toContain(Buffer.from(each).toString('hex'));
  }
  expect(gateway.lines.join('\n')).not.toMatch(new RegExp(`${secret}|${code}|${open}`));
  await browser.ask('DELETE', '/v1/auth/session');
  await openBrowser(gateway).ask('POST', '/v1/auth/session', { code: 'wrong' });
  const kinds = async (kind: string) => (await gateway.get(`/v1/auth/log?kind=${kind}&limit=1`)).body.entries[0];
  expect(await kinds('signed-in')).toMatchObject({ actor: { id: 'local-admin' }, about: 'code', address: '127.0.0.1' });
  expect(await kinds('signed-out')).toMatchObject({ actor: { id: 'local-admin' }, address: '127.0.0.1' });
  const asked = await gateway.get('/v1/auth/log?kind=asked&limit=50');
  const routes = asked.body.entries.map(({ route }: { route: string }) => route);
  expect(routes).toContain('POST /v1/auth/codes');
  expect(routes.filter((route: string) => route.includes('session'))).toEqual([]);
  const refused = await gateway.get('/v1/auth/log?kind=refused&limit=200');
  const reasons = refused.body.entries.map(
    ({ route, code: why }: { route: string; code: string }) => `${route} ${why}`,
  );
  expect(reasons).toEqual(
    expect.arrayContaining(['POST /v1/auth/session code-unknown', 'POST /v1/queues/rebuild csrf']),
  );
  expect((await gateway.get('/v1/auth/log/verify')).body).toMatchObject({ verified: true });
});

test('what is no session is nobody', async () => {
  for (const cookie of [
    'baton_session=',
    'baton_session=x',
    `baton_session=${'a'.repeat(43)}`,
    'baton_session',
    '=;=;',
    'a=b;;',
  ]) {
    const { status } = await gateway.bare('/v1/auth/session', { headers: { cookie } });
    expect([cookie, status]).toEqual([cookie, 401]);
  }
  // A page that is left open goes on asking; that is no guess.
  const stale = { cookie: `baton_session=${'b'.repeat(43)}` };
  for (let n = 0; n < 40; n += 1) expect((await gateway.bare('/v1/runs', { headers: stale })).status).toBe(401);
});
