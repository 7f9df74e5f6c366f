import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { Problem } from '@baton/contracts';
import { createPool } from '@baton/event-store';
import { runStarted } from '@baton/read-model/testing';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Answer, startTestGateway, type TestGateway, TOKEN } from '../testing/test-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'));
});
afterAll(() => gateway?.stop());

/** Every refusal is a problem that says what to do, and shows nothing of the inside. */
function expectProblem(answer: Answer, status: number, code: string): void {
  expect(answer.status, JSON.stringify(answer.body)).toBe(status);
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(Problem.parse(answer.body)).toMatchObject({ status, code, next: expect.stringMatching(/\.$/) });
  expect(JSON.stringify(answer.body)).not.toMatch(/\bat .+:\d+:\d+|node_modules|select |postgres:/);
}

/** fetch rewrites paths; this sends them as they are. */
function rawGet(path: string, headers: Record<string, string> = {}): Promise<number> {
  const { hostname, port } = new URL(gateway.url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.once('error', reject).end();
  });
}

describe('without the right token', () => {
  const id = randomUUID();
  test.each([
    ['GET', '/v1/runs'],
    ['POST', '/v1/runs'],
    ['GET', `/v1/runs/${id}`],
    ['GET', `/v1/runs/${id}/events`],
    ['GET', `/v1/runs/${id}/state`],
    ['GET', `/v1/runs/${id}/result`],
    ['POST', `/v1/runs/${id}/cancel`],
    ['GET', '/v1/workflows'],
    ['GET', '/v1/workflows/two-steps'],
    ['GET', '/v1/workflows/two-steps/graph'],
    ['POST', '/v1/workflows'],
    ['POST', '/v1/workflows/validate'],
    ['POST', '/v1/workflows/graph'],
    ['POST', '/v1/queues/rebuild'],
    ['GET', '/v1/audit/verify'],
    ['GET', '/v1/dead-letters'],
    ['GET', '/v1/queues'],
    ['GET', '/v1/schemas'],
    ['GET', '/v1/schemas/workflow-document'],
  ])('%s %s is refused', async (method, path) => {
    const answer = await gateway.bare(path, { method });
    expectProblem(answer, 401, 'unauthorized');
    expect(answer.body.next).toContain('BATON_TOKEN');
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
    expectProblem(
      await gateway.bare(path, { method, headers: { authorization: 'Bearer wrong' } }),
      401,
      'unauthorized',
    );
  });

  test.each([
    '/%761/runs',
    '/v1%2Fruns',
    '/v1/./runs',
    '//v1/runs',
    '/V1/runs',
    '/v1/runs/',
    '/v1/runs?x',
    '/v1;/runs',
  ])('no other way to write the path opens it: %s', async (path) => {
    expect([401, 404]).toContain(await rawGet(path));
  });

  test('a body is not read: a wrong one makes no difference', async () => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' };
    expectProblem(await gateway.bare('/v1/runs', init), 401, 'unauthorized');
  });

  test.each(['/livez', '/readyz'])('%s is open', async (path) => {
    expect((await gateway.bare(path)).status).toBe(200);
  });
});

describe('a request that cannot be read', () => {
  test('to an address where nothing is', async () => {
    expectProblem(await gateway.get('/v1/nothing'), 404, 'no-such-route');
    expectProblem(await gateway.bare('/nothing'), 404, 'no-such-route');
    expectProblem(await gateway.post('/v1/schemas/none', {}), 404, 'no-such-route');
  });

  test.each(['{', '{"workflow":', 'nonsense', ''])('with the malformed body %j', async (body) => {
    expectProblem(await gateway.post('/v1/runs', body), 400, 'malformed-request');
  });

  test('with a body that would change the prototype of something', async () => {
    expectProblem(await gateway.post('/v1/runs', '{"__proto__":{"a":1}}'), 422, 'invalid-body');
    expect(Reflect.get({}, 'a')).toBeUndefined();
  });

  test.each([
    ['/input/a/0', '{"workflow":"two-steps","input":{"a":[12345678901234567890]}}'],
    ['/input/b', '{"workflow":"two-steps","input":{"b":1e400}}'],
  ])('with a number that would be another, at %s', async (pointer, body) => {
    const answer = await gateway.post('/v1/runs', body);
    expectProblem(answer, 400, 'number-not-kept');
    expect(answer.body).toMatchObject({
      detail: expect.stringContaining(`at ${pointer} the number `),
      next: expect.stringContaining('as a text'),
    });
  });

  test('in YAML with such a number', async () => {
    const answer = await gateway.post('/v1/workflows/validate', 'a: 9007199254740993', {
      'content-type': 'application/yaml',
    });
    expectProblem(answer, 400, 'malformed-request');
    expect(answer.body.detail).toContain('9007199254740993 would become 9007199254740992');
  });

  test('with a body above 1 MiB', async () => {
    const input = { requirements: 'x'.repeat(1024 * 1024) };
    expectProblem(await gateway.post('/v1/runs', { workflow: 'two-steps', input }), 413, 'body-too-large');
  });

  test('with a body that is below 1 MiB and a message that is above', async () => {
    const text = JSON.stringify({ workflow: 'two-steps', input: { requirements: '' } });
    const input = { requirements: 'x'.repeat(1024 * 1024 - text.length) };
    expectProblem(await gateway.post('/v1/runs', { workflow: 'two-steps', input }), 413, 'body-too-large');
  });

  test('with a body that is no JSON by its type', async () => {
    expectProblem(
      await gateway.post('/v1/runs', 'workflow: x', { 'content-type': 'application/yaml' }),
      415,
      'unsupported-media-type',
    );
  });

  test.each(['null', '[]', '"text"', '5'])('with the body %s, which is no object', async (body) => {
    expectProblem(await gateway.post('/v1/runs', body), 422, 'invalid-body');
  });

  test('with a path that is wrongly encoded', async () => {
    expect(await rawGet('/v1/runs/%zz', { authorization: `Bearer ${TOKEN}` })).toBe(400);
  });
});

test('no answer may be kept by a cache, or read as another type', async () => {
  for (const path of ['/v1/runs', '/v1/nothing', '/livez']) {
    const { headers } = await gateway.get(path);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  }
});

test('/readyz names each part that it checked', async () => {
  expect((await gateway.bare('/readyz')).body).toEqual({
    status: 'ready',
    phase: 'running',
    checks: { postgres: 'ok', log: 'ok', schema: 'ok', queues: 'ok', projection: 'ok', checkpoints: 'ok' },
  });
});

describe('when something is wrong inside', () => {
  test('an event of an unknown type makes the gateway not ready, and is told where it is met', async () => {
    const other = await startTestGateway(inject('postgresUrl'));
    try {
      const runId = randomUUID();
      await other.log.append(runId, runStarted(), { type: 'RunTeleported', data: {} });
      expectProblem(await other.get(`/v1/runs/${runId}`), 500, 'unknown-event-type');
      await expect.poll(async () => (await other.bare('/readyz')).status).toBe(503);
      const ready = await other.bare('/readyz');
      expectProblem(ready, 503, 'not-ready');
      expect(ready.body.checks).toMatchObject({ postgres: 'ok', projection: expect.stringContaining('RunTeleported') });
      expect((await other.get('/v1/audit/verify')).body).toMatchObject({ verified: false });
      expect(other.lines.some((line) => line.includes('"fatal"') && line.includes('projection stopped'))).toBe(true);
    } finally {
      await other.stop();
    }
  });

  test('a mistake of ours is a 500 that shows nothing, and stands in the log', async () => {
    const owner = createPool(gateway.databaseUrl, { role: 'owner', max: 1, applicationName: 'test-owner' });
    await owner.query('alter table baton.dead_letter rename column reason to reason_x');
    const answer = await gateway.get('/v1/dead-letters');
    await owner.query('alter table baton.dead_letter rename column reason_x to reason');
    await owner.end();
    expectProblem(answer, 500, 'internal');
    expect(gateway.lines.some((line) => line.includes('request failed') && line.includes('reason'))).toBe(true);
  });
});

test('while the database is away requests are refused for now, and go on afterwards', async () => {
  const other = await startTestGateway(inject('postgresUrl'));
  const runId = randomUUID();
  await other.log.append(runId, runStarted());
  const body = { workflow: 'two-steps', input: { requirements: 'x' } };
  try {
    await other.link.cut();
    const answers = [
      await other.get(`/v1/runs/${runId}`),
      await other.get('/v1/runs'),
      await other.get(`/v1/runs/${runId}/state`),
      await other.get(`/v1/runs/${runId}/events`),
      await other.get(`/v1/runs/${runId}/events`, { accept: 'text/event-stream' }),
      await other.get('/v1/audit/verify'),
      await other.get('/v1/dead-letters'),
      await other.post('/v1/runs', body),
      await other.post(`/v1/runs/${runId}/cancel`),
    ];
    for (const answer of answers) {
      expectProblem(answer, 503, 'database-unreachable');
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect((await other.get('/v1/schemas')).status).toBe(200);
    expect((await other.bare('/livez')).status).toBe(200);
    const ready = await other.bare('/readyz');
    expectProblem(ready, 503, 'not-ready');
    expect(ready.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toContain('postgres');

    await other.link.mend();
    expect((await other.get(`/v1/runs/${runId}`)).body).toMatchObject({ runId, status: 'running' });
    expect((await other.post('/v1/runs', body)).status).toBe(202);
    await expect.poll(async () => (await other.bare('/readyz')).status, { timeout: 15_000 }).toBe(200);
  } finally {
    await other.stop();
  }
});
