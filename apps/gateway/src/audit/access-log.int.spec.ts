import { createPool, verifyAccessLog } from '@baton/event-store';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Answer, startTestGateway, type TestGateway } from '../testing/test-gateway.js';

let gateway: TestGateway;
let owner: Pool;
const keys: Record<string, string> = {};
beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'));
  owner = createPool(gateway.databaseUrl, { role: 'owner', applicationName: 'access-log-test', max: 2 });
  for (const [name, roles] of [
    ['vera', ['viewer']],
    ['olga', ['operator']],
    ['alma', ['auditor']],
  ] as const)
    keys[name] = (await gateway.post('/v1/auth/keys', { name, roles })).body.key;
});
afterAll(async () => {
  await owner?.end();
  await gateway?.stop();
});

const as = (key: string | undefined, method: string, path: string, body?: unknown): Promise<Answer> =>
  gateway.bare(path, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
interface Entry {
  readonly kind: string;
  readonly count: number;
}
const entries = async (query = ''): Promise<readonly Entry[]> =>
  (await as(keys.alma, 'GET', `/v1/auth/log?limit=200${query}`)).body.entries;

test('what is done to keys is on record with who did it, to which and from where, and never the key', async () => {
  const { body } = await gateway.post('/v1/auth/keys', { name: 'brief', roles: ['viewer'], scope: { own: true } });
  await gateway.post('/v1/auth/keys/brief/rotate', {});
  await as('a-token-of-this-test', 'DELETE', '/v1/auth/keys/brief');
  const about = (await entries()).slice(0, 3);
  const by = { about: 'brief', actor: { type: 'apikey', id: 'local-admin' }, address: '127.0.0.1' };
  expect(about).toMatchObject([
    { kind: 'key-revoked', ...by },
    { kind: 'key-rotated', ...by },
    { kind: 'key-created', ...by, detail: { roles: ['viewer'], scope: { own: true } } },
  ]);
  expect(JSON.stringify(about)).not.toContain(body.key.slice(20));
});

test('a refusal is on record with who was refused what and why; one of a wrong key with its id, and of none with nobody', async () => {
  await as(keys.vera, 'POST', '/v1/queues/rebuild', {});
  const key = keys.vera ?? '';
  const wrong = `${key.slice(0, 30)}${key[30] === 'x' ? 'y' : 'x'}${key.slice(31)}`;
  expect((await as(wrong, 'GET', '/v1/runs')).status).toBe(401);
  await gateway.bare('/v1/workers');
  await expect
    .poll(async () => entries('&kind=refused'))
    .toMatchObject([
      { actor: null, about: null, route: 'GET /v1/workers', code: 'unauthorized' },
      { actor: null, about: key.slice(6, 18), route: 'GET /v1/runs', code: 'unauthorized' },
      { actor: { id: 'vera' }, route: 'POST /v1/queues/rebuild', code: 'forbidden' },
    ]);
});

test('a key for certain runs that looks for others is on record', async () => {
  const { body } = await gateway.post('/v1/auth/keys', { name: 'nosy', roles: ['viewer'], scope: { own: true } });
  await as(body.key, 'GET', '/v1/runs/00000000-0000-4000-8000-000000000000');
  await expect.poll(async () => entries('&actor=nosy')).toMatchObject([{ kind: 'refused', code: 'run-not-found' }]);
});

test('what an operator asks of Baton itself is on record before it is done, and what becomes an event of a run is not', async () => {
  await as(keys.olga, 'POST', '/v1/workflows/nothing-like-it/withdraw');
  await as(keys.olga, 'POST', '/v1/queues/rebuild');
  await as(keys.olga, 'POST', '/v1/runs/00000000-0000-4000-8000-000000000000/cancel', {});
  // Of these there may be many a second.
  for (const what of ['heartbeat', 'success'])
    await as(keys.olga, 'POST', `/v1/task-tokens/${what}`, { token: 'none' });
  expect(await entries('&actor=olga')).toMatchObject([
    { kind: 'asked', route: 'POST /v1/queues/rebuild', actor: { id: 'olga' } },
    { kind: 'asked', route: 'POST /v1/workflows/:ref/withdraw', about: 'nothing-like-it' },
  ]);
});

test('a flood of wrong tokens is a few entries', async () => {
  const before = (await entries()).length;
  await Promise.all(
    Array.from({ length: 300 }, (_, n) =>
      gateway.bare('/v1/runs', { headers: { authorization: `Bearer wrong-${n}` } }),
    ),
  );
  expect((await entries()).length - before).toBeLessThan(10);
});

test('who may append appends, and changes and takes away nothing', async () => {
  const asGateway = createPool(gateway.databaseUrl, { role: 'gateway', applicationName: 'access-log-test', max: 1 });
  try {
    for (const statement of [
      `update baton.access_log set actor = null`,
      'delete from baton.access_log',
      `insert into baton.access_log select * from baton.access_log`,
      'update baton.access_head set position = 0',
      'truncate baton.access_log',
    ])
      await expect(asGateway.query(statement)).rejects.toMatchObject({ code: '42501' });
  } finally {
    await asGateway.end();
  }
});

test.each([
  ['changed', `update baton.access_log set about = 'other' where position = 2`, /Entry 2 .* not what was written/],
  [
    'given another actor',
    `update baton.access_log set actor = '{"type":"user","id":"eve"}' where position = 3`,
    /Entry 3 /,
  ],
  ['taken away', 'delete from baton.access_log where position = 2', /Entry 2 .* missing/],
  ['cut off', 'delete from baton.access_log where position = (select max(position) from baton.access_log)', /missing/],
  ['swapped', 'update baton.access_log set about = null, code = about where position = 1', /Entry 1 /],
  ['given another head', `update baton.access_head set hash = sha256('x')`, /head/],
])('an entry that was %s is found', async (_, statement, problem) => {
  expect((await as(keys.alma, 'GET', '/v1/auth/log/verify')).body).toMatchObject({ verified: true, problem: null });
  const client = await owner.connect();
  try {
    await client.query('begin');
    await client.query(statement);
    // Within the transaction alone: the next test finds the log as it was.
    const within = Object.assign(Object.create(owner), { query: client.query.bind(client) });
    expect(await verifyAccessLog(within, [])).toMatchObject({
      verified: false,
      problem: expect.stringMatching(problem),
    });
  } finally {
    await client.query('rollback');
    client.release();
  }
});
