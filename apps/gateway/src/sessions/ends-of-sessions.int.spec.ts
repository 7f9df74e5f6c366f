import { randomUUID } from 'node:crypto';
import { createPool } from '@baton/event-store';
import { runStarted } from '@baton/read-model/testing';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Browser, makeKey, openBrowser, signIn } from '../testing/browser.js';
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

const newKey = (name: string, body?: object) => makeKey(gateway, name, body);
const signedIn = (token: string) => signIn(gateway, token);
const newCode = async (): Promise<string> => (await gateway.post('/v1/auth/codes')).body.code;
const revoke = (name: string) =>
  gateway.bare(`/v1/auth/keys/${name}`, { method: 'DELETE', headers: { authorization: `Bearer ${TOKEN}` } });

/** Follows a run as a page does, and resolves when the stream has ended. */
async function follow(browser: Browser): Promise<{ readonly ended: Promise<number> }> {
  const runId = randomUUID();
  await gateway.log.append(runId, runStarted());
  const begunMs = performance.now();
  const response = await fetch(`${gateway.url}/v1/runs/${runId}/events`, {
    headers: { cookie: browser.cookies(), accept: 'text/event-stream', 'sec-fetch-site': 'same-origin' },
  });
  expect([response.status, response.headers.get('content-type')]).toEqual([
    200,
    expect.stringContaining('event-stream'),
  ]);
  const ended = response.text().then(
    () => performance.now() - begunMs,
    () => performance.now() - begunMs,
  );
  return { ended };
}

describe('a code', () => {
  test('signs in whoever asked for it, once', async () => {
    const key = await newKey('coder', { roles: ['viewer'] });
    const made = await gateway.bare('/v1/auth/codes', { method: 'POST', headers: { authorization: `Bearer ${key}` } });
    expect(made.status).toBe(201);
    expect(made.body.path).toBe(`/sign-in#code=${made.body.code}`);
    const minutes = (Date.parse(made.body.expiresAt) - Date.now()) / 60_000;
    expect(Math.abs(minutes - 10)).toBeLessThan(0.5);
    const first = await openBrowser(gateway).ask('POST', '/v1/auth/session', { code: made.body.code });
    expect(first).toMatchObject({ status: 201, body: { actor: { id: 'coder' } } });
    const second = await openBrowser(gateway).ask('POST', '/v1/auth/session', { code: made.body.code });
    expect(second).toMatchObject({
      status: 401,
      body: { code: 'code-unknown', next: expect.stringContaining('baton auth link') },
    });
    expect(second.headers.getSetCookie()).toEqual([]);
  });

  test('used by many at the same moment lets one in', async () => {
    const code = await newCode();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => openBrowser(gateway).ask('POST', '/v1/auth/session', { code })),
    );
    expect(answers.filter(({ status }) => status === 201).length).toBe(1);
    expect(answers.filter(({ status }) => status === 401 || status === 429).length).toBe(7);
  });

  test('is nothing any more after ten minutes', async () => {
    const code = await newCode();
    await owner.query(`update baton.sign_in_code set ends_at = clock_timestamp() - interval '1 second'`);
    expect((await openBrowser(gateway).ask('POST', '/v1/auth/session', { code })).body).toMatchObject({
      code: 'code-unknown',
    });
  });

  test('of a key that was revoked meanwhile lets nobody in', async () => {
    const key = await newKey('short-lived', { roles: ['admin'] });
    const headers = { authorization: `Bearer ${key}` };
    const { code } = (await gateway.bare('/v1/auth/codes', { method: 'POST', headers })).body;
    await revoke('short-lived');
    expect((await openBrowser(gateway).ask('POST', '/v1/auth/session', { code })).body).toMatchObject({
      code: 'key-revoked',
    });
  });

  test('may be asked for with a session, for another browser', async () => {
    const browser = await signedIn(TOKEN);
    const { code } = (await browser.ask('POST', '/v1/auth/codes')).body;
    const other = await openBrowser(gateway).ask('POST', '/v1/auth/session', { code });
    expect(other).toMatchObject({ status: 201, body: { actor: { id: 'local-admin' } } });
  });

  test('that was asked for with a session begins none that lasts longer, however often that is done', async () => {
    const first = await signedIn(TOKEN);
    await owner.query(`update baton.web_session set ends_at = clock_timestamp() + interval '1 day'`);
    const { endsAt } = (await first.ask('GET', '/v1/auth/session')).body;
    let last = first;
    for (let n = 0; n < 2; n += 1) {
      const { code } = (await last.ask('POST', '/v1/auth/codes')).body;
      last = openBrowser(gateway);
      expect((await last.ask('POST', '/v1/auth/session', { code })).body).toMatchObject({ endsAt });
    }
    await owner.query(`update baton.web_session set ends_at = clock_timestamp() + interval '5 minutes'`);
    const { expiresAt } = (await last.ask('POST', '/v1/auth/codes')).body;
    expect(Date.parse(expiresAt) - Date.now()).toBeLessThan(301_000);
  });
});

test('whoever signs in again and again is slowed down, and nobody else', async () => {
  const key = await newKey('restless');
  const headers = { authorization: `Bearer ${key}` };
  let answers: number[] = [];
  for (let n = 0; n < 130; n += 1) {
    const isCode = n % 2 === 0;
    const answer = isCode
      ? await gateway.bare('/v1/auth/codes', { method: 'POST', headers })
      : await openBrowser(gateway).ask('POST', '/v1/auth/session', { token: key });
    answers = [...answers, answer.status];
    if (answer.status === 429) expect(answer.body).toMatchObject({ code: 'too-many-sign-ins' });
  }
  expect(answers.slice(0, 100)).not.toContain(429);
  expect(answers.filter((status) => status === 429).length).toBeGreaterThan(10);
  expect((await gateway.bare('/v1/auth/me', { headers })).status).toBe(200);
  await signedIn(await newKey('restful'));
}, 30_000);

describe('a session ends', () => {
  test('with its key, from the next request on, and its streams with it', async () => {
    const browser = await signedIn(await newKey('to-revoke'));
    const { ended } = await follow(browser);
    await revoke('to-revoke');
    expect(await browser.ask('GET', '/v1/auth/session')).toMatchObject({ status: 401, body: { code: 'key-revoked' } });
    expect(await ended).toBeLessThan(10_000);
  }, 20_000);

  test('when one signs out: the cookie is forgotten, worth nothing any more, and its streams end, others’ not', async () => {
    const [browser, other] = [await signedIn(TOKEN), await signedIn(TOKEN)];
    const [{ ended }, { ended: othersEnded }] = [await follow(browser), await follow(other)];
    let isOthersOver = false;
    void othersEnded.then(() => {
      isOthersOver = true;
    });
    const headers = { cookie: browser.cookies() };
    const out = await browser.ask('DELETE', '/v1/auth/session');
    expect(out.status).toBe(204);
    expect(out.headers.getSetCookie()[0]).toMatch(/^baton_session=; .*Max-Age=0; .*HttpOnly/);
    expect(browser.cookies()).toBe('');
    expect(await ended).toBeLessThan(5_000);
    expect(await gateway.bare('/v1/runs', { headers })).toMatchObject({ status: 401, body: { code: 'session-over' } });
    expect(isOthersOver).toBe(false);
    await other.ask('DELETE', '/v1/auth/session');
    await othersEnded;
  }, 20_000);

  test.each([
    ['seven days after it began', `ends_at = clock_timestamp() - interval '1 second'`],
    ['twelve hours after it was used last', `used_at = clock_timestamp() - interval '12 hours 1 second'`],
  ])(
    '%s, and its streams with it',
    async (_, change) => {
      const browser = await signedIn(await newKey(`ends-${change.slice(0, 4)}`));
      const { ended } = await follow(browser);
      await owner.query(
        `update baton.web_session set ${change} where key_id = (select key_id from baton.api_key where name = $1)`,
        [`ends-${change.slice(0, 4)}`],
      );
      expect((await browser.ask('GET', '/v1/runs')).body).toMatchObject({ code: 'session-over' });
      expect(await ended).toBeLessThan(10_000);
    },
    20_000,
  );

  test('no later than its key', async () => {
    const key = await newKey('an-hour', { roles: ['viewer'], expiresInSeconds: 3_600 });
    const { body } = await openBrowser(gateway).ask('POST', '/v1/auth/session', { token: key });
    expect(body.endsAt).toBe(body.expiresAt);
  });

  test('not by being used: what is used goes on', async () => {
    const browser = await signedIn(await newKey('busy'));
    const ofKey = `where key_id = (select key_id from baton.api_key where name = 'busy')`;
    await owner.query(`update baton.web_session set used_at = clock_timestamp() - interval '11 hours' ${ofKey}`);
    expect((await browser.ask('GET', '/v1/runs')).status).toBe(200);
    const { rows } = await owner.query(
      `select used_at > clock_timestamp() - interval '1 minute' as ok from baton.web_session ${ofKey}`,
    );
    expect(rows).toEqual([{ ok: true }]);
  });
});

test('what a key may do is read anew with each request: a session can do no more than its key', async () => {
  const browser = await signedIn(await newKey('demoted', { roles: ['operator', 'viewer'] }));
  expect((await browser.ask('POST', '/v1/queues/rebuild')).status).toBe(202);
  await owner.query(`update baton.api_key set roles = '{viewer}' where name = 'demoted'`);
  expect((await browser.ask('POST', '/v1/queues/rebuild')).body).toMatchObject({ code: 'forbidden' });
});

test('another gateway of the same database knows a session, and one with another token of the stack only those of keys', async () => {
  const [ofStack, ofKey] = [await signedIn(TOKEN), await signedIn(await newKey('lasting'))];
  const second = await startTestGateway(inject('postgresUrl'), { databaseUrl: gateway.databaseUrl });
  try {
    for (const browser of [ofStack, ofKey])
      expect((await second.bare('/v1/auth/session', { headers: { cookie: browser.cookies() } })).status).toBe(200);
  } finally {
    await second.stop();
  }
  const databaseUrl = gateway.databaseUrl;
  const rotated = await startTestGateway(inject('postgresUrl'), { databaseUrl, token: 'another-token-of-the-stack' });
  try {
    const ask = (browser: Browser) => rotated.bare('/v1/auth/session', { headers: { cookie: browser.cookies() } });
    expect((await ask(ofStack)).body).toMatchObject({ code: 'session-over' });
    expect((await ask(ofKey)).status).toBe(200);
  } finally {
    await rotated.stop();
  }
}, 60_000);
