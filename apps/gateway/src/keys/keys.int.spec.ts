import { randomUUID } from 'node:crypto';
import { type Role, Role as RoleShape } from '@baton/contracts';
import { createPool } from '@baton/event-store';
import { runStarted } from '@baton/read-model/testing';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { noteKeyUses } from '../auth/key-uses.js';
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
afterAll(async () => {
  await asOwner?.end();
  await gateway?.stop();
});

let asOwner: Pool | undefined;
const owner = (text: string, values: unknown[] = []) => {
  asOwner ??= createPool(gateway.databaseUrl, { role: 'owner', applicationName: 'keys-test', max: 1 });
  return asOwner.query(text, values);
};

const as = (key: string | undefined, method: string, path: string, body?: unknown): Promise<Answer> =>
  gateway.bare(path, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

test('a key is shown once, kept as a hash, and revoked from the next request on', async () => {
  const made = await gateway.post('/v1/auth/keys', { name: 'ada', roles: ['submitter', 'viewer', 'viewer'] });
  const { key, ...rest } = made.body;
  expect(rest).toEqual({
    name: 'ada',
    roles: ['submitter', 'viewer'],
    scope: null,
    person: null,
    expiresAt: null,
  });
  expect(key).toMatch(/^baton_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}$/);
  const listed = await gateway.get('/v1/auth/keys');
  expect(JSON.stringify(listed.body)).not.toContain(key);
  expect(listed.body.keys.at(-1)).toMatchObject({
    name: 'ada',
    createdBy: { type: 'apikey', id: 'local-admin' },
    revokedAt: null,
    status: 'active',
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
  [{ name: 'bob', roles: ['viewer'], scope: {} }, 422],
  [{ name: 'bob', roles: ['viewer'], scope: { own: false } }, 422],
  [{ name: 'bob', roles: ['viewer'], scope: { workflows: ['Not A Name'] } }, 422],
  [{ name: 'bob', roles: ['viewer'], expiresInSeconds: 0 }, 422],
  [{ name: 'bob', roles: ['viewer'], expiresInSeconds: 1e12 }, 422],
  [{ name: 'bob', roles: ['viewer'], for: 'a\nb' }, 422],
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

test('a key of the form of before works until it is rotated, and then for the overlap', async () => {
  const old = `baton_${'aB3-_'.repeat(8)}xyz`;
  await owner(
    `insert into baton.api_key (name, roles, sha256, created_by)
                values ('of-before', '{viewer}', sha256($1::bytea), '{"type":"apikey","id":"local-admin"}')`,
    [old],
  );
  expect((await as(old, 'GET', '/v1/runs')).status).toBe(200);
  const rotated = await as(old, 'POST', '/v1/auth/keys/of-before/rotate', { overlapSeconds: 3_600 });
  expect(rotated.status).toBe(201);
  expect((await as(old, 'GET', '/v1/runs')).status).toBe(200);
  expect((await as(rotated.body.key, 'GET', '/v1/auth/me')).body.actor).toEqual({ type: 'apikey', id: 'of-before' });
  expect(await as(old, 'POST', '/v1/auth/keys/of-before/rotate', {})).toMatchObject({ status: 403 });
  const [before, after] = (await gateway.get('/v1/auth/keys')).body.keys.filter(
    ({ name }: { name: string }) => name === 'of-before',
  );
  expect([before.status, after.status]).toEqual(['replaced', 'active']);
  expect(Date.parse(before.expiresAt) - Date.now()).toBeLessThan(3_601_000);
});

test('without an overlap the key of before is nobody’s at once', async () => {
  const { body: made } = await gateway.post('/v1/auth/keys', { name: 'eve', roles: ['viewer'], expiresInSeconds: 600 });
  const { body: next } = await gateway.post('/v1/auth/keys/eve/rotate', { overlapSeconds: 0 });
  expect(await as(made.key, 'GET', '/v1/runs')).toMatchObject({ status: 401, body: { code: 'key-expired' } });
  expect((await as(next.key, 'GET', '/v1/runs')).status).toBe(200);
  // It holds as long as the one of before was made to.
  expect(Math.abs(Date.parse(next.expiresAt) - Date.now() - 600_000)).toBeLessThan(30_000);
});

test('a key ends when it was made to, and says so to whoever has it', async () => {
  const { body } = await gateway.post('/v1/auth/keys', { name: 'brief', roles: ['viewer'], expiresInSeconds: 60 });
  expect((await as(body.key, 'GET', '/v1/auth/me')).body).toMatchObject({ expiresAt: body.expiresAt });
  await owner(`update baton.api_key set expires_at = now() - interval '1 s' where name = 'brief'`);
  expect(await as(body.key, 'GET', '/v1/runs')).toMatchObject({ status: 401, body: { code: 'key-expired' } });
});

test.each(['DELETE', 'expiry'] as const)(
  'a stream that a key opened ends with the key: %s',
  async (how) => {
    const name = `streams-${how.toLowerCase()}`;
    const { body } = await gateway.post('/v1/auth/keys', { name, roles: ['viewer'] });
    const runId = randomUUID();
    await gateway.log.append(runId, runStarted());
    const response = await fetch(`${gateway.url}/v1/runs/${runId}/events`, {
      headers: { authorization: `Bearer ${body.key}`, accept: 'text/event-stream' },
    });
    expect(response.status).toBe(200);
    const reading = response.text().catch((thrown: Error) => thrown.message);
    const begunMs = performance.now();
    if (how === 'DELETE') await as(TOKEN, 'DELETE', `/v1/auth/keys/${name}`);
    else await owner(`update baton.api_key set expires_at = now() where name = $1`, [name]);
    await reading;
    expect(performance.now() - begunMs).toBeLessThan(10_000);
  },
  20_000,
);

test('a key for a workflow and a label sees and begins those runs alone', async () => {
  const scope = { workflows: ['two-steps'], labels: { team: 'red' } };
  const { body } = await gateway.post('/v1/auth/keys', { name: 'red', roles: ['submitter'], scope });
  const submit = (workflow: string, labels: object) =>
    as(body.key, 'POST', '/v1/runs', { workflow, input: { requirements: 'x' }, labels });
  expect(await submit('two-steps', {})).toMatchObject({ status: 403, body: { code: 'out-of-scope' } });
  expect(await submit('seven-step', { team: 'red' })).toMatchObject({ status: 403, body: { code: 'out-of-scope' } });
  const mine = await submit('two-steps', { team: 'red', more: '1' });
  expect(mine.status).toBe(202);
  const others = [randomUUID(), randomUUID()] as const;
  await gateway.log.append(others[0], runStarted({ labels: { team: 'red' } }));
  await gateway.log.append(others[1], runStarted({ labels: { team: 'blue' } }));
  const listed = async () =>
    (await as(body.key, 'GET', '/v1/runs')).body.runs.map(({ runId }: { runId: string }) => runId).sort();
  await expect.poll(listed, { timeout: 10_000 }).toEqual([mine.body.runId, others[0]].sort());
  expect((await as(body.key, 'GET', `/v1/runs/${others[0]}`)).status).toBe(200);
  expect((await as(body.key, 'GET', `/v1/runs/${others[1]}`)).status).toBe(404);
  expect(
    (await as(body.key, 'GET', '/v1/workflows')).body.workflows.map((each: { name: string }) => each.name),
  ).toEqual(['two-steps']);
});

test('keys that one person has, has made or has rotated are that person’s, and whose it is can be said', async () => {
  const make = async (by: string | undefined, body: object): Promise<string> =>
    (await as(by, 'POST', '/v1/auth/keys', body)).body.key;
  const actorOf = async (key: string) => (await as(key, 'GET', '/v1/auth/me')).body.actor;
  const admin = await make(TOKEN, { name: 'adas-admin', roles: ['admin'], for: 'ada' });
  expect(await actorOf(admin)).toEqual({ type: 'apikey', id: 'adas-admin', person: 'user:ada' });
  const ci = await make(admin, { name: 'adas-ci', roles: ['submitter'] });
  expect(await actorOf(ci)).toEqual({ type: 'apikey', id: 'adas-ci', person: 'user:ada' });
  const bobs = await make(admin, { name: 'bobs', roles: ['approver'], for: 'bob' });
  expect(await actorOf(bobs)).toEqual({ type: 'apikey', id: 'bobs', person: 'user:bob', knownTo: ['user:ada'] });
  // Once it is Bob who has made the newest of it, nobody else has seen it.
  const again = (await as(bobs, 'POST', '/v1/auth/keys/bobs/rotate', {})).body.key;
  expect(await actorOf(again)).toMatchObject({ person: 'user:bob' });
});

test('when a key was used last is known to the minute', async () => {
  const { body } = await gateway.post('/v1/auth/keys', { name: 'used', roles: ['viewer'] });
  const uses = noteKeyUses(asOwner ?? gateway.hub, { warn: () => {} }, () => performance.now());
  const { rows } = await owner(`select key_id from baton.api_key where name = 'used'`);
  uses.used(rows[0].key_id);
  await uses.stop();
  const [key] = (await gateway.get('/v1/auth/keys')).body.keys.filter(({ name }: { name: string }) => name === 'used');
  expect(key.lastUsedAt).toMatch(/:00\.000Z$/);
  expect(body.key).toBeDefined();
});
