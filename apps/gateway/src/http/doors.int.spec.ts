import { request } from 'node:http';
import { runStarted } from '@baton/read-model/testing';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { startTestGateway, type TestGateway, TOKEN } from '../testing/test-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'), {
    rates: { address: 30, key: 5 },
    allowedHosts: ['baton.example.com'],
  });
  await gateway.log.append('0195d0a0-0000-7000-8000-000000000001', runStarted());
});
afterAll(() => gateway?.stop());

/** fetch names the host of its URL; this names any. */
function asHost(host: string, headers: Record<string, string> = {}): Promise<{ status: number; code: string }> {
  const { hostname, port } = new URL(gateway.url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path: '/livez', headers: { ...headers, host } }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      const { code = '' } = JSON.parse(Buffer.concat(chunks).toString());
      resolve({ status: response.statusCode ?? 0, code });
    });
    sent.once('error', reject).end();
  });
}

describe('a gateway on the loopback serves only those who mean it', () => {
  test.each([
    'localhost',
    '127.0.0.1',
    '[::1]',
    '127.0.0.1:4400',
    'LOCALHOST:1',
    'baton.example.com',
    'baton.example.com:443',
  ])('by the name %s', async (host) => {
    expect(await asHost(host)).toMatchObject({ status: 200 });
  });

  test.each([
    'attacker.example',
    '127.0.0.1.attacker.example',
    'localhost.attacker.example:4400',
    'example.com',
    '10.0.0.1',
    'baton.example.com.evil',
  ])('and not by the name %s, which a page could have led here', async (host) => {
    expect(await asHost(host)).toEqual({ status: 421, code: 'host-not-served' });
  });

  test.each(['http://attacker.example', 'null', 'https://baton.example.com.evil', 'file://', 'nonsense'])(
    'nor from a page of the origin %s',
    async (origin) => {
      expect(await asHost('localhost', { origin })).toEqual({ status: 403, code: 'origin-not-allowed' });
    },
  );

  test.each(['http://localhost:4400', 'http://127.0.0.1:8080', 'https://baton.example.com'])(
    'but from a page of its own: %s',
    async (origin) => {
      expect(await asHost('localhost', { origin })).toMatchObject({ status: 200 });
    },
  );

  test('no answer is opened to pages of other origins', async () => {
    const asked = await gateway.bare('/v1/runs', {
      method: 'OPTIONS',
      headers: { 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
    });
    expect(asked.status).toBe(204);
    const names = [...asked.headers.keys(), ...(await gateway.get('/v1/runs')).headers.keys()];
    expect(names.filter((name) => name.startsWith('access-control-'))).toEqual([]);
  });
});

test('browsers are told to keep nothing, guess nothing, frame nothing and run nothing', async () => {
  for (const answer of [
    await gateway.get('/v1/runs'),
    await gateway.bare('/v1/nothing'),
    await gateway.bare('/livez'),
  ]) {
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
    });
  }
});

describe('the id of a request', () => {
  test('is the one that it came with, in answer, problem and log', async () => {
    const id = 'from-the-proxy:42/a=b+c.d';
    const answer = await gateway.get('/v1/runs/none', { 'x-request-id': id });
    expect(answer.headers.get('x-request-id')).toBe(id);
    expect(answer.body).toMatchObject({ code: 'run-not-found', requestId: id });
  });

  test.each(['', ' ', 'a b', '<script>', 'x'.repeat(200), '{"a":1}', '-dash'])(
    'is a new one where that is %j',
    async (id) => {
      const { headers } = await gateway.bare('/livez', { headers: { 'x-request-id': id } });
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    },
  );
});

test('the next page of a list is linked, with the same filters', async () => {
  for (let n = 0; n < 3; n += 1) await gateway.log.append(crypto.randomUUID(), runStarted());
  await expect.poll(async () => (await gateway.get('/v1/runs')).body.runs.length).toBe(4);
  const first = await gateway.get('/v1/runs?limit=2&workflow=two-steps&label=');
  expect(first.status).toBe(400);
  const page = await gateway.get('/v1/runs?limit=3&workflow=two-steps');
  const [, link = ''] = /^<(.+)>; rel="next"$/.exec(page.headers.get('link') ?? '') ?? [];
  expect(new URL(link, gateway.url).searchParams.get('workflow')).toBe('two-steps');
  const second = await gateway.get(link);
  expect(second.body.runs.length).toBe(1);
  expect(second.headers.get('link')).toBeNull();
});

test('/metrics tells what is asked of it by route, and grows by nothing that a stranger sends', async () => {
  expect((await gateway.bare('/metrics')).status).toBe(401);
  for (let n = 0; n < 5; n += 1) await gateway.bare(`/v1/made-up-${n}`, { method: 'PROPFIND' });
  await gateway.get('/v1/runs/0195d0a0-0000-7000-8000-000000000001');
  const { body, status } = await gateway.get('/metrics');
  expect(status).toBe(200);
  expect(body).toContain('baton_http_requests_total{method="GET",route="/v1/runs/:id",status="200"}');
  expect(body).toContain('baton_http_requests_total{method="other",route="none"');
  expect(body).toMatch(/^baton_queue_jobs\{queue="intake",state="waiting"\} 0$/m);
  expect(body).toMatch(/^baton_queue_oldest_seconds\{queue="intake"\} 0$/m);
  expect(body).toMatch(/^baton_log_position [1-9]/m);
  expect(body).not.toMatch(/made-up|PROPFIND|0195d0a0|a-token/);
});

describe('who asks without end is told to wait', () => {
  test('with one key, while another key is served', async () => {
    const { key } = (await gateway.post('/v1/auth/keys', { name: 'other', roles: ['viewer'] })).body;
    const answers = await Promise.all(Array.from({ length: 260 }, () => gateway.get('/v1/runs?limit=1')));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(20);
    expect(refused[0]?.body).toMatchObject({ code: 'too-many-requests' });
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await gateway.bare('/v1/runs', { headers: { authorization: `Bearer ${key}` } })).status).toBe(200);
  });

  test('from one address, before anything is looked up for it', async () => {
    const asked = Array.from({ length: 500 }, () => gateway.bare('/livez'));
    expect((await Promise.all(asked)).map(({ status }) => status)).toContain(429);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect((await gateway.bare('/livez', { headers: { authorization: `Bearer ${TOKEN}` } })).status).toBe(200);
  });
});
