import { randomUUID } from 'node:crypto';
import { runStarted } from '@baton/read-model/testing';
import { type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { asked, entered, frame } from '../testing/approval-events.js';
import { type Answer, startTestGateway, type TestGateway, TOKEN } from '../testing/test-gateway.js';
import { AUDIENCE, startTestIssuer, type TestIssuer } from '../testing/test-issuer.js';
import { OidcVariables, oidcConfigOf } from './oidc-config.js';
import { openUsers } from './oidc-users.js';

let issuer: TestIssuer;
let gateway: TestGateway;
const ROLES =
  'platform=admin; data=submitter+viewer; leads=approver; ' +
  'red=submitter+viewer+approver[label=team=red]; blue=viewer+operator[label=team=blue]; mine=submitter+viewer[own]';
beforeAll(async () => {
  issuer = await startTestIssuer();
  gateway = await startTestGateway(inject('postgresUrl'), {
    oidc: {
      BATON_OIDC_ISSUER: issuer.url,
      BATON_OIDC_AUDIENCE: AUDIENCE,
      BATON_OIDC_ROLES: ROLES,
      BATON_OIDC_ALLOW: 'groups=baton-users;hd=example.org',
      BATON_OIDC_CLOCK_TOLERANCE_S: '5',
    },
  });
});
afterAll(async () => {
  await gateway?.stop();
  await issuer?.stop();
});

const as = (token: string, path: string, body?: unknown): Promise<Answer> =>
  gateway.bare(path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const groups = (...names: string[]): JWTPayload => ({ groups: ['baton-users', ...names] });
const tokenOf = (sub: string, ...names: string[]): Promise<string> => issuer.token({ sub, ...groups(...names) });

test('a user is who their token says, with the roles of their groups', async () => {
  const me = await as(await tokenOf('ada', 'data', 'leads', 'unknown'), '/v1/auth/me');
  expect(me).toMatchObject({
    status: 200,
    body: { actor: { type: 'user', id: 'ada', via: 'oidc' }, roles: ['submitter', 'viewer', 'approver'], scope: null },
  });
  expect(Date.parse(me.body.expiresAt)).toBeGreaterThan(Date.now());
  const { body } = await as(await tokenOf('ada', 'data'), '/v1/runs', {
    workflow: 'two-steps',
    input: { requirements: 'x' },
  });
  expect((await gateway.get(`/v1/runs/${body.runId}`)).body.submittedBy).toEqual({
    type: 'user',
    id: 'ada',
    via: 'oidc',
  });
});

test('a user has nothing started while they are away: they make no schedule and no hook, and take none over', async () => {
  const token = await tokenOf('ada', 'data');
  const run = { workflow: 'two-steps', input: { requirements: 'x' } };
  const schedule = { name: 'of-a-key', timing: { type: 'interval', seconds: 60 }, run };
  expect((await gateway.post('/v1/schedules', schedule)).status).toBe(201);
  const needsKey = { status: 422, body: { code: 'schedule-needs-key' } };
  expect(await as(token, '/v1/schedules', { ...schedule, name: 'of-ada' })).toMatchObject(needsKey);
  const platform = await tokenOf('cleo', 'platform');
  expect(await as(platform, '/v1/schedules/of-a-key/take-over', {})).toMatchObject(needsKey);
  const hook = { name: 'of-ada', verify: 'bearer', secret: 'TICK', run: { workflow: 'two-steps' } };
  expect(await as(token, '/v1/hooks', hook)).toMatchObject({ status: 422, body: { code: 'hook-needs-key' } });
});

test('a user without a role is told whom to ask', async () => {
  const answer = await as(await tokenOf('nobody'), '/v1/runs');
  expect(answer).toMatchObject({ status: 403, body: { next: expect.stringContaining('BATON_OIDC_ROLES') } });
  expect(answer.body.detail).toContain('The user nobody has no role');
});

describe('a group whose roles are for certain runs', () => {
  const runOf = async (team: string, by = 'ada'): Promise<string> => {
    const runId = randomUUID();
    await gateway.log.append(
      runId,
      runStarted({ labels: { team }, submittedBy: { type: 'user', id: by } }),
      frame(1),
      entered(1),
    );
    await expect.poll(async () => listed(TOKEN, runId), { timeout: 10_000 }).toEqual([true]);
    return runId;
  };
  const cancel = async (token: string, runId: string) => (await as(token, `/v1/runs/${runId}/cancel`, {})).status;
  const listed = async (token: string, ...ids: string[]) => {
    const { body } = await as(token, '/v1/runs?limit=200');
    const found: readonly string[] = body.runs.map(({ runId }: { runId: string }) => runId);
    return ids.map((id) => found.includes(id));
  };

  test('lets its users see and begin those, and no other', async () => {
    const token = await tokenOf('rita', 'red');
    const [red, blue] = [await runOf('red'), await runOf('blue')];
    expect(await listed(token, red, blue)).toEqual([true, false]);
    expect((await as(token, `/v1/runs/${red}`)).status).toBe(200);
    expect((await as(token, `/v1/runs/${blue}`)).status).toBe(404);
    expect((await as(token, '/v1/workers')).body).toMatchObject({ code: 'out-of-scope' });
    const run = { workflow: 'two-steps', input: { requirements: 'x' } };
    expect((await as(token, '/v1/runs', { ...run, labels: { team: 'red' } })).status).toBe(202);
    const refused = await as(token, '/v1/runs', { ...run, labels: { team: 'blue' } });
    expect(refused).toMatchObject({ status: 403, body: { code: 'out-of-scope' } });
    expect(refused.body.detail).toBe('The user rita is for runs with the label team=red alone.');
  });

  test('stands beside others, each with its own roles on its own runs', async () => {
    const token = await tokenOf('bea', 'red', 'blue');
    const [red, blue, green] = [await runOf('red'), await runOf('blue'), await runOf('green')];
    expect(await listed(token, red, blue, green)).toEqual([true, true, false]);
    const { events } = (await as(token, '/v1/events?limit=1000')).body;
    const told = new Set(events.map(({ runId }: { runId: string }) => runId));
    expect([red, blue, green].map((id) => told.has(id))).toEqual([true, true, false]);
    expect([await cancel(token, red), await cancel(token, blue)]).toEqual([404, 202]);
    const { body } = await as(token, '/v1/auth/me');
    expect(body.grants).toEqual([
      { roles: ['submitter', 'viewer', 'approver'], scope: { labels: { team: 'red' } } },
      { roles: ['viewer', 'operator'], scope: { labels: { team: 'blue' } } },
    ]);
  });

  test('adds to what holds for all runs', async () => {
    const token = await tokenOf('cleo', 'data', 'blue');
    const [red, blue] = [await runOf('red'), await runOf('blue')];
    expect(await listed(token, red, blue)).toEqual([true, true]);
    expect([await cancel(token, red), await cancel(token, blue)]).toEqual([404, 202]);
    expect((await as(token, '/v1/workers')).status).toBe(200);
  });

  test('may be for what somebody submitted', async () => {
    const token = await tokenOf('mia', 'mine');
    const [own, another] = [await runOf('red', 'mia'), await runOf('red')];
    expect(await listed(token, own, another)).toEqual([true, false]);
  });
});

const OUT = Math.floor(Date.now() / 1000);
describe('a token is refused', () => {
  test.each<[string, () => Promise<string>, string]>([
    ['of a user who may not come', () => issuer.token({ sub: 'eve', groups: ['platform'] }), 'user-not-allowed'],
    ['that has expired', () => issuer.token({ sub: 'ada', ...groups() }, { expiresIn: OUT - 60 }), 'token-expired'],
    ['for somebody else', () => issuer.token({ sub: 'ada', aud: 'others', ...groups() }), 'unauthorized'],
    ['of somebody else', () => issuer.token({ sub: 'ada', iss: 'https://evil.example', ...groups() }), 'unauthorized'],
    ['that is not valid yet', () => issuer.token({ sub: 'ada', nbf: OUT + 600, ...groups() }), 'unauthorized'],
    ['that names nobody', () => issuer.token(groups('platform')), 'unauthorized'],
    ['that names somebody in control characters', () => issuer.token({ sub: 'a\u0000b', ...groups() }), 'unauthorized'],
    [
      'that is signed by a key nobody has',
      () => issuer.token({ sub: 'ada' }, { header: { kid: 'none' } }),
      'unauthorized',
    ],
    [
      'that is signed with a secret instead',
      () =>
        new SignJWT({ iss: issuer.url, aud: AUDIENCE, sub: 'ada', ...groups('platform') })
          .setProtectedHeader({ alg: 'HS256', kid: 'key-1' })
          .setExpirationTime('5m')
          .sign(new TextEncoder().encode('a secret that is long enough for it')),
      'unauthorized',
    ],
    [
      'that is not signed',
      async () => `${new UnsecuredJWT({ iss: issuer.url, aud: AUDIENCE, sub: 'ada', ...groups() }).encode()}x`,
      'unauthorized',
    ],
    [
      'that was changed',
      async () => {
        const [head, , signature] = (await tokenOf('ada')).split('.');
        const claims = { iss: issuer.url, aud: AUDIENCE, sub: 'root', exp: OUT + 600, ...groups('platform') };
        return [head, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.');
      },
      'unauthorized',
    ],
  ])('%s', async (_, make, code) => {
    const answer = await as(await make(), '/v1/auth/me');
    expect(answer).toMatchObject({ status: 401, body: { code, next: expect.any(String) } });
  });

  test('without an end', async () => {
    const endless = new SignJWT({ iss: issuer.url, aud: AUDIENCE, sub: 'ada', ...groups() });
    // The test's issuer always sets one, so this is signed by a key of another.
    const other = await startTestIssuer();
    try {
      expect((await as(await other.token({ sub: 'ada', ...groups() }), '/v1/auth/me')).status).toBe(401);
      expect(endless).toBeDefined();
    } finally {
      await other.stop();
    }
  });
});

test('a clock that is a little off is no reason to refuse', async () => {
  const token = await issuer.token({ sub: 'ada', ...groups('data') }, { expiresIn: Math.floor(Date.now() / 1000) - 2 });
  expect((await as(token, '/v1/auth/me')).status).toBe(200);
});

test('a stream that a token opened ends with the token', async () => {
  const runId = randomUUID();
  await gateway.log.append(runId, runStarted());
  const token = await issuer.token({ sub: 'ada', ...groups('data') }, { expiresIn: '3s' });
  const response = await fetch(`${gateway.url}/v1/runs/${runId}/events`, {
    headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' },
  });
  expect(response.status).toBe(200);
  const begunMs = performance.now();
  await response.text().catch((thrown: Error) => thrown.message);
  expect(performance.now() - begunMs).toBeLessThan(12_000);
}, 20_000);

test('the issuer may go away: keys and tokens with known keys go on, and so does everything once it is back', async () => {
  const config = oidcConfigOf(
    OidcVariables.parse({ BATON_OIDC_ISSUER: issuer.url, BATON_OIDC_AUDIENCE: AUDIENCE, BATON_OIDC_ROLES: ROLES }),
  );
  if (config === null) throw new Error('the configuration is whole');
  const fresh = openUsers(config, () => performance.now(), 100);
  issuer.fail(true);
  try {
    await expect(fresh.callerOf(await tokenOf('ada'))).rejects.toMatchObject({
      status: 503,
      code: 'issuer-unreachable',
      message: expect.stringContaining(issuer.url),
    });
    const before = issuer.asked.length;
    await Promise.allSettled(Array.from({ length: 50 }, async () => fresh.callerOf(await tokenOf('ada'))));
    expect(issuer.asked.length - before).toBeLessThan(3);
    expect((await as(TOKEN, '/v1/auth/me')).status).toBe(200);
    expect((await as(await tokenOf('ada', 'data'), '/v1/auth/me')).status).toBe(200);
  } finally {
    issuer.fail(false);
  }
  await expect
    .poll(
      async () =>
        fresh.callerOf(await tokenOf('ada')).then(
          ({ actor }) => actor.id,
          () => 'refused',
        ),
      { timeout: 5_000 },
    )
    .toBe('ada');
});

test('the issuer may change its keys, and one that it takes back opens nothing', async () => {
  const config = oidcConfigOf(
    OidcVariables.parse({ BATON_OIDC_ISSUER: issuer.url, BATON_OIDC_AUDIENCE: AUDIENCE, BATON_OIDC_ROLES: ROLES }),
  );
  if (config === null) throw new Error('the configuration is whole');
  const users = openUsers(config, () => performance.now(), 0);
  const old = await tokenOf('ada');
  expect((await users.callerOf(old)).actor.id).toBe('ada');
  await issuer.rotate({ forget: true });
  expect((await users.callerOf(await tokenOf('bob'))).actor.id).toBe('bob');
  await expect(users.callerOf(old)).rejects.toMatchObject({ status: 401 });
});

describe('two people, one with a key beside her login', () => {
  const asking = async (submittedBy: { type: 'user' | 'apikey'; id: string; person?: string }): Promise<string> => {
    const runId = randomUUID();
    const policy = { approvers: ['role:approver'], excludeSubmitter: true };
    await gateway.log.append(
      runId,
      runStarted({ submittedBy }),
      frame(1),
      entered(1),
      asked(runId, 1, { title: 'Ship it?' }, policy),
    );
    return `/v1/approvals/${runId}-1/decision`;
  };
  const approve = { decision: 'approve' };

  test('nobody approves their own run by a second credential, and the other person may', async () => {
    // In the gateway of this file the issuer's keys of before are known; its new one comes with the next token.
    const ada = () => tokenOf('ada', 'platform', 'leads');
    await expect
      .poll(async () => (await as(await ada(), '/v1/auth/me')).status, { timeout: 20_000, interval: 500 })
      .toBe(200);
    const make = async (name: string, body: object) =>
      (await as(await ada(), '/v1/auth/keys', { name, roles: ['approver', 'submitter'], ...body })).body.key;
    const adasKey = await make('adas', {});
    const bobsKey = await make('bobs', { for: 'bob' });
    const byLogin = await asking({ type: 'user', id: 'ada' });
    for (const own of [await ada(), adasKey, bobsKey])
      expect(await as(own, byLogin, approve)).toMatchObject({ status: 403, body: { code: 'approval-own-run' } });
    const byKey = await asking({ type: 'apikey', id: 'adas', person: 'user:ada' });
    expect(await as(await ada(), byKey, approve)).toMatchObject({ status: 403, body: { code: 'approval-own-run' } });
    expect((await as(await tokenOf('bob', 'leads'), byLogin, approve)).status).toBe(202);
    expect((await as(await tokenOf('bob', 'leads'), byKey, approve)).status).toBe(202);
  }, 40_000);
});
