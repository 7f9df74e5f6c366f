import { createPool, recordDeadLetter } from '@baton/event-store';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { openApiDocument } from '../openapi/document.js';
import { type Answer, startTestGateway, type TestGateway, TOKEN } from '../testing/test-gateway.js';

/* What is created over HTTP and is no run: once for each Idempotency-Key, whatever happens. Runs have tests of their own. */

let gateway: TestGateway;
let owner: Pool;
beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'), { allowPrivateWebhooks: true });
  owner = createPool(gateway.databaseUrl, { role: 'owner', applicationName: 'once-test', max: 2 });
});
afterAll(async () => {
  await owner?.end();
  await gateway?.stop();
});

const HOOK = { url: 'http://127.0.0.1:9/hook' };
const send = (path: string, body: unknown, key: string): Promise<Answer> =>
  gateway.post(path, body, { 'idempotency-key': key });
const hooks = async (): Promise<number> => (await gateway.get('/v1/webhooks')).body.webhooks.length;

/** Holds whoever writes to a table until what is returned is called. */
async function hold(table: string): Promise<() => Promise<void>> {
  const client = await owner.connect();
  await client.query(`begin; lock table ${table} in access exclusive mode`);
  return async () => {
    await client.query('commit');
    client.release();
  };
}

/** Until somebody waits for a lock. */
async function waiting(): Promise<number> {
  for (;;) {
    const { rows } = await owner.query(
      `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%webhook%'`,
    );
    if (rows[0] !== undefined) return rows[0].pid;
  }
}

describe('with the same Idempotency-Key', () => {
  test('the same request has the same answer, with the secret that is shown once, and is done once', async () => {
    const before = await hooks();
    const first = await send('/v1/webhooks', HOOK, 'hook-1');
    const again = await send('/v1/webhooks', HOOK, '"hook-1"');
    expect(first.status).toBe(201);
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    expect(await hooks()).toBe(before + 1);
  });

  test('another body, or the same one for something else, is another request, and is refused', async () => {
    await send('/v1/webhooks', HOOK, 'hook-2');
    const before = await hooks();
    const other = { status: 422, body: { code: 'idempotency-conflict' } };
    expect(await send('/v1/webhooks', { url: 'http://127.0.0.1:9/other' }, 'hook-2')).toMatchObject(other);
    expect(await send('/v1/auth/keys', { name: 'of-hook-2', roles: ['viewer'] }, 'hook-2')).toMatchObject(other);
    expect(await hooks()).toBe(before);
  });

  test('somebody else asks for something else', async () => {
    const made = await gateway.post('/v1/auth/keys', { name: 'another-admin', roles: ['admin'] });
    const first = await send('/v1/webhooks', HOOK, 'hook-3');
    const headers = { authorization: `Bearer ${made.body.key}`, 'idempotency-key': 'hook-3' };
    const second = await gateway.post('/v1/webhooks', HOOK, headers);
    expect(second.status).toBe(201);
    expect(second.body.webhookId).not.toBe(first.body.webhookId);
  });

  test('a request that was refused may be sent again', async () => {
    const made = { name: 'twice', roles: ['viewer'] };
    expect((await gateway.post('/v1/auth/keys', made)).status).toBe(201);
    expect(await send('/v1/auth/keys', made, 'refused-1')).toMatchObject({ status: 409, body: { code: 'key-exists' } });
    expect((await gateway.bare('/v1/auth/keys/twice', { method: 'DELETE', headers: admin() })).status).toBe(204);
    expect((await send('/v1/auth/keys', made, 'refused-1')).status).toBe(201);
  });

  test('a second one is refused while the first is being carried out, and then has its answer', async () => {
    const before = await hooks();
    const release = await hold('baton.webhook');
    const first = send('/v1/webhooks', HOOK, 'hook-4');
    await waiting();
    const second = await send('/v1/webhooks', HOOK, 'hook-4');
    expect(second).toMatchObject({ status: 409, body: { code: 'request-in-progress' } });
    expect(second.headers.get('retry-after')).toBe('1');
    await release();
    const { status, body } = await first;
    expect(status).toBe(201);
    expect((await send('/v1/webhooks', HOOK, 'hook-4')).body).toEqual(body);
    expect(await hooks()).toBe(before + 1);
  });

  test('what was cut off in the middle is done once by the repetition', async () => {
    const before = await hooks();
    const release = await hold('baton.webhook');
    const first = send('/v1/webhooks', HOOK, 'hook-5');
    await owner.query('select pg_terminate_backend($1)', [await waiting()]);
    expect((await first).status).toBe(503);
    await release();
    expect((await send('/v1/webhooks', HOOK, 'hook-5')).status).toBe(201);
    expect(await hooks()).toBe(before + 1);
  });

  test('many at once have one effect', async () => {
    const before = await hooks();
    const answers = await Promise.all(Array.from({ length: 20 }, () => send('/v1/webhooks', HOOK, 'hook-6')));
    const made = answers.filter(({ status }) => status === 201).map(({ body }) => body.webhookId);
    expect(new Set(made).size).toBe(1);
    expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true);
    expect(await hooks()).toBe(before + 1);
  });

  test('a key means nothing any more after a day, and what was kept goes with those that come after it', async () => {
    const first = await send('/v1/webhooks', HOOK, 'hook-7');
    await owner.query(`update baton.kept_answer set at = at - interval '24 hours 1 second'`);
    const second = await send('/v1/webhooks', HOOK, 'hook-7');
    expect(second.status).toBe(201);
    expect(second.body.webhookId).not.toBe(first.body.webhookId);
    const { rows } = await owner.query('select count(*)::int as count from baton.kept_answer');
    expect(rows).toEqual([{ count: 1 }]);
  });
});

const admin = () => ({ authorization: `Bearer ${TOKEN}` });

test('a key of the API is given again, and the database does not have it', async () => {
  const first = await send('/v1/auth/keys', { name: 'once', roles: ['viewer'] }, 'key-1');
  expect(first.status).toBe(201);
  expect((await send('/v1/auth/keys', { name: 'once', roles: ['viewer'] }, 'key-1')).body).toEqual(first.body);
  const { rows } = await owner.query('select answer from baton.kept_answer');
  const kept = rows.map(({ answer }) => answer.toString('latin1')).join('\n');
  expect(kept).not.toContain('baton_');
  const rotated = await send('/v1/auth/keys/once/rotate', {}, 'key-2');
  expect(rotated.status).toBe(201);
  expect((await send('/v1/auth/keys/once/rotate', {}, 'key-2')).body).toEqual(rotated.body);
  expect((await send('/v1/auth/keys/other/rotate', {}, 'key-2')).status).toBe(422);
  const who = await gateway.get('/v1/auth/me', { authorization: `Bearer ${rotated.body.key}` });
  expect(who.status).toBe(200);
});

test('a dead letter is taken up again once', async () => {
  const message = JSON.stringify({ requestId: 'r-1', workflow: 'nothing', input: {} });
  await recordDeadLetter(gateway.hub, { source: 'intake', name: 'submit', reason: 'r', message, requestId: 'r-1' });
  const [letter] = (await gateway.get('/v1/dead-letters')).body.deadLetters;
  const path = `/v1/dead-letters/${letter.id}/requeue`;
  const first = await send(path, undefined, 'letter-1');
  expect([first.status, first.body]).toMatchObject([202, { id: letter.id, requeuedAt: expect.any(String) }]);
  expect(await send(path, undefined, 'letter-1')).toMatchObject({ status: 202, body: first.body });
  expect(await send(path, undefined, 'letter-2')).toMatchObject({
    status: 409,
    body: { code: 'dead-letter-requeued' },
  });
});

test('a key that is no key is refused in words', async () => {
  for (const key of ['', ' ', 'x'.repeat(1_000)]) {
    expect(await send('/v1/webhooks', HOOK, key)).toMatchObject({ status: 400, body: { code: 'invalid-parameter' } });
  }
});

test('what takes an Idempotency-Key says so', () => {
  const taking = Object.entries(openApiDocument().paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { parameters }]) => JSON.stringify(parameters ?? []).includes('Idempotency-Key'))
      .map(([method]) => `${method} ${path}`),
  );
  expect(taking.filter((route) => !/\/v1\/(runs|approvals)/.test(route)).sort()).toEqual([
    'post /v1/auth/keys',
    'post /v1/auth/keys/{name}/rotate',
    'post /v1/dead-letters/{id}/requeue',
    'post /v1/goals',
    'post /v1/hooks',
    'post /v1/lineages',
    'post /v1/notification-rules',
    'post /v1/notification-rules/{name}/messages/{messageId}/retry',
    'post /v1/schedules',
    'post /v1/schedules/{name}/trigger',
    'post /v1/task-tokens/failure',
    'post /v1/task-tokens/success',
    'post /v1/webhooks',
    'post /v1/webhooks/{id}/deliveries/{deliveryId}/retry',
  ]);
});
