import { createPool } from '@baton/event-store';
import type { Pool } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { type Browser, makeKey, signIn } from '../testing/browser.js';
import { startTestGateway, type TestGateway, TOKEN } from '../testing/test-gateway.js';

let gateway: TestGateway;
let owner: Pool;
beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'));
  owner = createPool(gateway.databaseUrl, { role: 'owner', applicationName: 'sessions-test', max: 1 });
});
afterAll(async () => {
  await owner?.end();
  await gateway?.stop();
});
beforeEach(() => owner.query('delete from baton.web_session'));

const newBrowser = async (name: string, body?: object): Promise<Browser> =>
  signIn(gateway, await makeKey(gateway, name, body));
async function sessionsOf(browser: Browser, query = '') {
  const { status, body } = await browser.ask('GET', `/v1/auth/sessions${query}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}
const whoIn = ({ sessions }: { readonly sessions: readonly { readonly actor: { readonly id: string } }[] }) =>
  sessions.map(({ actor }) => actor.id);
const isSignedIn = async (browser: Browser) => (await browser.ask('GET', '/v1/auth/session')).status === 200;

test('an admin sees who is signed in, everybody else their own sessions, and nobody a secret', async () => {
  const [admin, ada] = [await signIn(gateway, TOKEN), await newBrowser('ada', { roles: ['viewer', 'operator'] })];
  const all = await sessionsOf(admin);
  expect(whoIn(all)).toEqual(['ada', 'local-admin']);
  expect(all.sessions.map(({ isThis }: { isThis: boolean }) => isThis)).toEqual([false, true]);
  expect(Object.keys(all.sessions[0])).toEqual(['sessionId', 'actor', 'beganAt', 'usedAt', 'endsAt', 'isThis']);
  const [session] = all.sessions;
  expect(Date.parse(session.endsAt) - Date.parse(session.beganAt)).toBe(7 * 86_400_000);
  expect(whoIn(await sessionsOf(ada))).toEqual(['ada']);
  const byToken = await gateway.get('/v1/auth/sessions');
  expect(byToken.body.sessions.every(({ isThis }: { isThis: boolean }) => !isThis)).toBe(true);
  for (const browser of [admin, ada]) expect(JSON.stringify(all)).not.toContain(browser.cookies().split('=')[1]);
});

test('an admin whose key is for certain runs sees their own', async () => {
  await signIn(gateway, TOKEN);
  const scoped = await newBrowser('scoped-admin', { roles: ['admin'], scope: { own: true } });
  expect(whoIn(await sessionsOf(scoped))).toEqual(['scoped-admin']);
});

test('they are listed page by page, those that began last first, without those that are over', async () => {
  const admin = await signIn(gateway, TOKEN);
  for (const name of ['first', 'second', 'third', 'revoked']) await newBrowser(name);
  await gateway.bare('/v1/auth/keys/revoked', { method: 'DELETE', headers: { authorization: `Bearer ${TOKEN}` } });
  const idle = `update baton.web_session set used_at = used_at - interval '1 day' where actor->>'id' = 'second'`;
  expect((await owner.query(idle)).rowCount).toBe(1);
  const pages = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = await sessionsOf(admin, `?limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`);
    pages.push(whoIn(page));
    cursor = page.next;
  }
  expect(pages).toEqual([['third'], ['first'], ['local-admin']]);
});

test('one that is ended is over at once with its streams, on any gateway, and stands in the log of access', async () => {
  const [admin, ada] = [await signIn(gateway, TOKEN), await newBrowser('eve')];
  const stream = await fetch(`${gateway.url}/v1/events`, {
    headers: { cookie: ada.cookies(), accept: 'text/event-stream', 'sec-fetch-site': 'same-origin' },
  });
  const { sessionId } = (await sessionsOf(admin)).sessions[0];
  const ended = await admin.ask('DELETE', `/v1/auth/sessions/${sessionId}`);
  expect([ended.status, ended.headers.getSetCookie()]).toEqual([204, []]);
  expect([await isSignedIn(ada), await isSignedIn(admin)]).toEqual([false, true]);
  await stream.text().catch(() => '');
  const { body } = await gateway.get('/v1/auth/log?kind=session-ended');
  expect(body.entries).toMatchObject([
    { actor: { id: 'local-admin' }, about: `apikey:eve ${sessionId}`, address: '127.0.0.1' },
  ]);
  expect((await gateway.get('/v1/auth/log/verify')).body).toMatchObject({ verified: true });
  expect(await admin.ask('DELETE', `/v1/auth/sessions/${sessionId}`)).toMatchObject({
    status: 404,
    body: { code: 'session-not-found' },
  });
});

test('nobody but an admin ends that of somebody else, and whoever ends their own is signed out', async () => {
  const admin = await signIn(gateway, TOKEN);
  const [one, other] = [
    await newBrowser('one', { roles: ['operator', 'auditor', 'approver'] }),
    await newBrowser('other'),
  ];
  const idOf = async (browser: Browser) => (await sessionsOf(browser)).sessions[0].sessionId;
  for (const id of [await idOf(other), 'not-an-id', '%00'])
    expect((await one.ask('DELETE', `/v1/auth/sessions/${id}`)).status).toBe(404);
  expect(await isSignedIn(other)).toBe(true);
  const forged = await one.ask('DELETE', `/v1/auth/sessions/${await idOf(one)}`, undefined, { 'x-baton-csrf': 'x' });
  expect(forged).toMatchObject({ status: 403, body: { code: 'csrf' } });
  const ended = await one.ask('DELETE', `/v1/auth/sessions/${await idOf(one)}`);
  expect([ended.status, ended.headers.getSetCookie()[0]]).toEqual([204, expect.stringMatching(/Max-Age=0/)]);
  expect([await isSignedIn(one), await isSignedIn(admin)]).toEqual([false, true]);
});

test('one that began before it was written down who is signed in is that of its key, else of somebody', async () => {
  const admin = await signIn(gateway, TOKEN);
  await newBrowser('old');
  await owner.query('update baton.web_session set actor = null');
  const { sessions } = await sessionsOf(admin);
  expect(sessions.map(({ actor }: { actor: unknown }) => actor)).toEqual([{ type: 'apikey', id: 'old' }, null]);
});

test('a sign-in behind a proxy that is not trusted to say that it has TLS is warned of, once', async () => {
  const warned = () => gateway.lines.filter((line) => line.includes('BATON_TRUSTED_PROXIES'));
  expect(warned()).toEqual([]);
  const headers = { 'content-type': 'application/json', 'x-forwarded-proto': 'https' };
  for (let n = 0; n < 2; n += 1) {
    const body = JSON.stringify({ token: TOKEN });
    const { status } = await gateway.bare('/v1/auth/session', { method: 'POST', headers, body });
    expect(status).toBe(201);
  }
  expect(warned()).toHaveLength(1);
});
