import { type Role, Role as RoleShape } from '@baton/contracts';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { mayTake, ROUTE_ROLES } from '../auth/route-roles.js';
import { type Answer, startTestGateway, type TestGateway, TOKEN } from '../testing/test-gateway.js';

let gateway: TestGateway;
const keys = new Map<Role, string>();
beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'));
  for (const role of RoleShape.options) {
    const { status, body } = await gateway.post('/v1/auth/keys', { name: `the-${role}`, roles: [role] });
    expect(status, JSON.stringify(body)).toBe(201);
    keys.set(role, body.key);
  }
});
afterAll(() => gateway?.stop());

const as = (key: string | undefined, method: string, path: string, body?: unknown): Promise<Answer> =>
  gateway.bare(path, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

describe.each(RoleShape.options)('a key with the role %s', (role) => {
  test.each(Object.keys(ROUTE_ROLES))('is let through, or not, as the table says: %s', async (route) => {
    const [method = '', pattern = ''] = route.split(' ');
    const path = pattern.replace(/:\w+/g, '00000000-0000-4000-8000-000000000000');
    // An empty body is refused by whoever is let through: nothing comes of it.
    const answer = await as(keys.get(role), method, path, method === 'POST' ? [] : undefined);
    if (mayTake([role], method, pattern)) expect(answer.status).not.toBe(403);
    else
      expect(answer).toMatchObject({
        status: 403,
        body: { code: 'forbidden', next: expect.stringContaining('auth key') },
      });
  });

  test('may make and revoke keys as an admin alone', async () => {
    const expected = role === 'admin' ? 201 : 403;
    const body = { name: `made-by-${role}`, roles: ['viewer'] };
    expect((await as(keys.get(role), 'POST', '/v1/auth/keys', body)).status).toBe(expected);
    expect((await as(keys.get(role), 'DELETE', '/v1/auth/keys/nobody')).status).toBe(role === 'admin' ? 404 : 403);
  });
});

test('the roles that the table names are the roles that interfaces promise to each route, and none opens more than its work', () => {
  const opened = (role: Role) => Object.keys(ROUTE_ROLES).filter((route) => ROUTE_ROLES[route]?.includes(role)).length;
  expect(opened('viewer')).toBeLessThan(opened('submitter'));
  expect(
    Object.entries(ROUTE_ROLES)
      .filter(([route, roles]) => !route.startsWith('GET') && roles.includes('viewer'))
      .map(([route]) => route),
  ).toEqual(['POST /v1/decisions/backtest', 'POST /v1/workflows/validate', 'POST /v1/workflows/graph']);
  expect(mayTake(['operator', 'auditor'], 'POST', '/v1/of-tomorrow')).toBe(false);
  expect(mayTake(['admin'], 'POST', '/v1/of-tomorrow')).toBe(true);
});

test('a key is shown once, kept as a hash, and revoked from the next request on', async () => {
  const made = await gateway.post('/v1/auth/keys', { name: 'ada', roles: ['submitter', 'viewer', 'viewer'] });
  const { key, ...rest } = made.body;
  expect(rest).toEqual({ name: 'ada', roles: ['submitter', 'viewer'] });
  expect(key).toMatch(/^baton_[\w-]{43}$/);
  const listed = await gateway.get('/v1/auth/keys');
  expect(JSON.stringify(listed.body)).not.toContain(key);
  expect(listed.body.keys.at(-1)).toMatchObject({
    name: 'ada',
    createdBy: { type: 'apikey', id: 'local-admin' },
    revokedAt: null,
  });
  expect((await as(key, 'GET', '/v1/runs')).status).toBe(200);
  const { authorization } = { authorization: `Bearer ${TOKEN}` };
  expect((await gateway.bare('/v1/auth/keys/ada', { method: 'DELETE', headers: { authorization } })).status).toBe(204);
  expect(await as(key, 'GET', '/v1/runs')).toMatchObject({ status: 401 });
  expect((await gateway.bare('/v1/auth/keys/ada', { method: 'DELETE', headers: { authorization } })).status).toBe(404);
  expect((await gateway.post('/v1/auth/keys', { name: 'ada', roles: ['viewer'] })).status).toBe(201);
});

test.each([
  [{ name: 'the-viewer', roles: ['viewer'] }, 409],
  [{ name: 'local-admin', roles: ['viewer'] }, 409],
  [{ name: 'Ada!', roles: ['viewer'] }, 422],
  [{ name: 'bob', roles: [] }, 422],
  [{ name: 'bob', roles: ['king'] }, 422],
  [{ name: 'bob', roles: ['viewer'], more: 1 }, 422],
])('%j is refused with %i', async (body, status) => {
  expect((await gateway.post('/v1/auth/keys', body)).status).toBe(status);
});

test('whoever submits is the actor of the run, at once', async () => {
  const input = { requirements: 'x' };
  const { body } = await as(keys.get('submitter'), 'POST', '/v1/runs', { workflow: 'two-steps', input });
  const actor = { type: 'apikey', id: 'the-submitter' };
  expect((await gateway.get(`/v1/runs/${body.runId}`)).body).toMatchObject({ submittedBy: actor });
  const { rows } = await gateway.hub.query('select message from baton.inbox where begins = $1', [body.runId]);
  expect(JSON.parse(rows[0].message)).toMatchObject({ actor });
});

test('many requests of different keys at once are told apart', async () => {
  const submit = async (role: Role, n: number) => {
    const { body } = await as(keys.get(role), 'POST', '/v1/runs', {
      workflow: 'two-steps',
      input: { requirements: String(n) },
    });
    return (await gateway.get(`/v1/runs/${body.runId}`)).body.submittedBy.id;
  };
  const roles = Array.from({ length: 20 }, (_, n): Role => (n % 2 === 0 ? 'submitter' : 'admin'));
  expect(await Promise.all(roles.map(submit))).toEqual(roles.map((role) => `the-${role}`));
});

test('the name of the token of the stack is nobody else’s, and nothing is said of revoking it', async () => {
  const { body } = await gateway.post('/v1/auth/keys', { name: 'local-admin', roles: ['viewer'] });
  expect(body).toMatchObject({ code: 'key-reserved', next: 'Choose another name.' });
});
