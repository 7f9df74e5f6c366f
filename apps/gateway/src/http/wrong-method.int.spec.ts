import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { startTestGateway, type TestGateway, TOKEN } from '../testing/test-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'));
});
afterAll(() => gateway?.stop());

const id = randomUUID();
const authorization = `Bearer ${TOKEN}`;

test.each([
  ['/livez', 'GET, HEAD, OPTIONS'],
  ['/v1/runs', 'GET, HEAD, OPTIONS, POST'],
  ['/v1/runs/', 'GET, HEAD, OPTIONS, POST'],
  ['/v1/runs?limit=1', 'GET, HEAD, OPTIONS, POST'],
  [`/v1/runs/${id}`, 'GET, HEAD, OPTIONS'],
  [`/v1/runs/${id}/cancel`, 'OPTIONS, POST'],
  [`/v1/runs/${id}/events`, 'GET, HEAD, OPTIONS'],
  ['/v1/workflows', 'GET, HEAD, OPTIONS, POST'],
  ['/v1/workflows/two-steps', 'GET, HEAD, OPTIONS'],
  ['/v1/workflows/validate', 'GET, HEAD, OPTIONS, POST'],
  [`/v1/webhooks/${id}`, 'DELETE, GET, HEAD, OPTIONS'],
  ['/v1/schemas', 'GET, HEAD, OPTIONS'],
])('%s says to a method that it does not have which it has: %s', async (path, allow) => {
  for (const method of ['PUT', 'PATCH', 'PROPFIND']) {
    const body = method === 'PUT' ? 'text' : null;
    const answer = await gateway.bare(path, { method, headers: { authorization, 'content-type': 'text/plain' }, body });
    expect(answer.body, method).toMatchObject({ status: 405, code: 'method-not-allowed', next: `It takes ${allow}.` });
    expect(answer.headers.get('allow')).toBe(allow);
  }
  const options = await gateway.bare(path, { method: 'OPTIONS' });
  expect([options.status, options.headers.get('allow'), options.body]).toEqual([204, allow, null]);
});

test('where nothing is no method helps', async () => {
  for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS', 'HEAD']) {
    expect((await gateway.bare('/v1/nothing', { method, headers: { authorization } })).status, method).toBe(404);
  }
});

test('a name that another method has as an address is still a name', async () => {
  expect((await gateway.get('/v1/workflows/validate')).body.code).toBe('workflow-not-found');
});

test('HEAD is GET without the body, and needs the same token', async () => {
  const head = (path: string, headers: Record<string, string>) => gateway.bare(path, { method: 'HEAD', headers });
  const answer = await head('/v1/runs', { authorization });
  expect([answer.status, answer.body]).toEqual([200, null]);
  expect((await head('/v1/runs', {})).status).toBe(401);
  expect((await head(`/v1/runs/${id}/events`, { authorization, accept: 'text/event-stream' })).status).toBe(404);
});

test('a method that nobody knows closes nothing', async () => {
  const { hostname, port } = new URL(gateway.url);
  const status = await new Promise<number>((resolve, reject) => {
    request({ hostname, port, path: '/v1/runs', method: 'TRACE' }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .once('error', reject)
      .end();
  });
  expect(status).toBe(405);
});
