import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { startTestGateway, type TestGateway, TOKEN } from '../testing/test-gateway.js';
import { readPage } from './read-page.js';

const INDEX = '<!doctype html><title>Baton</title><script type="module" src="/assets/app-1a2b.js"></script>';
const SCRIPT = `console.log('${'baton '.repeat(200)}');`;
const SECRET = 'nobody reads this';

let folder: string;
let gateway: TestGateway;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'baton-page-'));
  const web = join(folder, 'dist');
  await mkdir(join(web, 'assets'), { recursive: true });
  await writeFile(join(folder, 'secret.txt'), SECRET);
  await symlink(join(folder, 'secret.txt'), join(web, 'linked.txt'));
  await writeFile(join(web, 'index.html'), INDEX);
  await writeFile(join(web, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  await writeFile(join(web, 'assets/app-1a2b.js'), SCRIPT);
  await writeFile(join(web, 'assets/app-1a2b.js.br'), brotliCompressSync(SCRIPT));
  await writeFile(join(web, 'assets/app-1a2b.js.gz'), gzipSync(SCRIPT));
  await writeFile(join(web, 'assets/app-1a2b.js.map'), '{}');
  await writeFile(join(web, 'assets/style-3c4d.css'), 'body{}');
  gateway = await startTestGateway(inject('postgresUrl'), { web });
});
afterAll(async () => {
  await gateway?.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Raw {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** fetch tidies paths up and unpacks answers; this does neither. */
function raw(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Raw> {
  const { hostname, port } = new URL(gateway.url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method, headers }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) });
    });
    sent.once('error', reject).end();
  });
}

const asBrowser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

test('the page comes with a policy that lets nothing of others in, and is asked for again each time', async () => {
  const { status, headers, body } = await raw('/');
  expect([status, body.toString()]).toEqual([200, INDEX]);
  expect(headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-cache',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    etag: expect.stringMatching(/^"[0-9a-f]{32}"$/),
  });
  const policy = String(headers['content-security-policy']).split('; ');
  expect(policy).toEqual(
    expect.arrayContaining([
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "connect-src 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ]),
  );
  expect(policy.join()).not.toMatch(/unsafe|https?:|\*/);
});

test.each([
  '/runs/0195d0a0-0000-7000-8000-000000000001',
  '/sign-in',
  '/approvals/',
  '/runs/x/files/src/a.ts',
  '/index.html',
])('a browser that goes to %s gets the page', async (path) => {
  const { status, body } = await raw(path, asBrowser);
  expect([status, body.toString()]).toEqual([200, INDEX]);
});

test.each(['/runs/x', '/sign-in', '/nothing'])(
  'a program that asks for %s hears that there is nothing',
  async (path) => {
    for (const headers of [{}, { accept: '*/*' }, { accept: 'application/json' }]) {
      const { status, headers: told, body } = await raw(path, headers);
      expect([status, told['content-type']]).toEqual([404, 'application/problem+json; charset=utf-8']);
      expect(JSON.parse(body.toString())).toMatchObject({ code: 'no-such-route' });
      expect(told['content-security-policy']).toBe("default-src 'none'; frame-ancestors 'none'");
    }
  },
);

test.each(['/v1', '/v1/nothing', '/V1/nothing', '/%76%31/nothing', '/assets/nothing.js', '/metrics/x', '/livez/x'])(
  '%s is no place of the page, also for a browser',
  async (path) => {
    const { status, body } = await raw(path, asBrowser);
    expect([status, JSON.parse(body.toString()).code]).toEqual([404, 'no-such-route']);
  },
);

test('what the API answers stays as it was, for browsers too', async () => {
  expect((await raw('/livez', asBrowser)).body.toString()).toBe('{"status":"alive"}');
  expect((await raw('/v1/runs', asBrowser)).status).toBe(401);
  const { headers } = await raw('/v1/runs', { ...asBrowser, authorization: `Bearer ${TOKEN}` });
  expect(headers).toMatchObject({
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  });
});

describe('a file of the page', () => {
  test('whose name has its hash is kept for good, each with its type', async () => {
    for (const [path, type] of [
      ['/assets/app-1a2b.js', 'text/javascript; charset=utf-8'],
      ['/assets/style-3c4d.css', 'text/css; charset=utf-8'],
    ] as const) {
      const { status, headers } = await raw(path);
      expect(status).toBe(200);
      expect(headers).toMatchObject({ 'content-type': type, 'cache-control': 'public, max-age=31536000, immutable' });
    }
    const { headers } = await raw('/favicon.svg');
    expect(headers).toMatchObject({ 'content-type': 'image/svg+xml', 'cache-control': 'no-cache' });
  });

  test.each([
    ['br, gzip', 'br', brotliDecompressSync],
    ['gzip, deflate', 'gzip', gunzipSync],
    ['br;q=0, gzip;q=0.5', 'gzip', gunzipSync],
    ['deflate', undefined, (bytes: Buffer) => bytes],
    ['', undefined, (bytes: Buffer) => bytes],
  ] as const)('comes as the build packed it, where %j is taken', async (accepted, encoding, unpack) => {
    const { headers, body } = await raw('/assets/app-1a2b.js', { 'accept-encoding': accepted });
    expect([headers['content-encoding'], headers.vary]).toEqual([encoding, 'accept-encoding']);
    expect(unpack(body).toString()).toBe(SCRIPT);
    expect(headers['content-length']).toBe(String(body.length));
  });

  test('is not sent to whoever has it', async () => {
    for (const path of ['/', '/assets/app-1a2b.js']) {
      const { etag } = (await raw(path)).headers;
      const again = await raw(path, { 'if-none-match': `"other", ${etag}` });
      expect([again.status, again.body.length, again.headers.etag]).toEqual([304, 0, etag]);
      expect((await raw(path, { 'if-none-match': '"other"' })).status).toBe(200);
    }
    const packed = await raw('/assets/app-1a2b.js', { 'accept-encoding': 'br' });
    expect(packed.headers.etag).not.toBe((await raw('/assets/app-1a2b.js')).headers.etag);
  });

  test('is described by HEAD', async () => {
    for (const path of ['/', '/assets/app-1a2b.js']) {
      const [got, head] = [await raw(path), await raw(path, {}, 'HEAD')];
      expect([head.status, head.body.length]).toEqual([200, 0]);
      for (const name of ['content-length', 'content-type', 'etag', 'cache-control'])
        expect(head.headers[name]).toBe(got.headers[name]);
    }
  });

  test('is not written to', async () => {
    for (const method of ['POST', 'PUT', 'DELETE']) expect((await raw('/', asBrowser, method)).status).toBe(404);
  });
});

test.each([
  '/../secret.txt',
  '/assets/../../secret.txt',
  '/assets/..%2f..%2fsecret.txt',
  '/%2e%2e/secret.txt',
  '/..\\secret.txt',
  '/assets/%5c..%5c..%5csecret.txt',
  '//etc/passwd',
  '/assets//app-1a2b.js',
  '/assets/app-1a2b.js/',
  '/assets/app-1a2b.js%00.txt',
  '/assets',
  '/assets/',
  '/linked.txt',
  '/assets/app-1a2b.js.map',
  '/assets/app-1a2b.js.br',
  '/__proto__',
  '/%E0%A4%A',
])('no path leads out of the page: %s', async (path) => {
  for (const headers of [{}, asBrowser]) {
    const { status, body } = await raw(path, headers);
    expect(body.toString()).not.toContain(SECRET);
    expect([200, 400, 404]).toContain(status);
    if (status === 200) expect(body.toString()).toBe(INDEX);
  }
});

test('a page that names a place for a nonce has another each time, which the policy allows styles of', async () => {
  const web = join(folder, 'with-nonce');
  await mkdir(web);
  await writeFile(join(web, 'index.html'), '<meta property="csp-nonce" nonce="BATON-STYLE-NONCE">');
  const served = await startTestGateway(inject('postgresUrl'), { web });
  try {
    const nonces = new Set<string>();
    for (const path of ['/', '/runs/x']) {
      const { headers, status, text } = await fetch(`${served.url}${path}`, { headers: asBrowser }).then(
        async (answer) => ({ headers: answer.headers, status: answer.status, text: await answer.text() }),
      );
      const nonce = /nonce="([\w-]{22})"/.exec(text)?.[1] ?? '';
      nonces.add(nonce);
      expect([status, headers.get('cache-control'), headers.get('etag')]).toEqual([200, 'no-store', null]);
      expect(headers.get('content-security-policy')).toContain(`style-src 'self' 'nonce-${nonce}'; `);
      expect(headers.get('content-security-policy')).toContain("script-src 'self'; ");
    }
    expect(nonces.size).toBe(2);
  } finally {
    await served.stop();
  }
});

test('the rules about hosts hold for the page', async () => {
  expect((await raw('/', { host: 'attacker.example' })).status).toBe(421);
  expect((await raw('/assets/app-1a2b.js', { origin: 'https://attacker.example' })).status).toBe(403);
});

test('where no page is built, a browser reads how to build it, and a program that there is nothing', async () => {
  const without = await startTestGateway(inject('postgresUrl'), { web: join(folder, 'none') });
  const off = await startTestGateway(inject('postgresUrl'), { web: 'off' });
  try {
    for (const path of ['/', '/runs/x']) {
      const response = await fetch(`${without.url}${path}`, { headers: asBrowser });
      expect([response.status, response.headers.get('content-type')]).toEqual([404, 'text/plain; charset=utf-8']);
      expect(await response.text()).toContain('npm run build');
    }
    expect((await without.bare('/nothing')).body).toMatchObject({ code: 'no-such-route' });
    expect((await off.bare('/', { headers: asBrowser })).body).toMatchObject({ code: 'no-such-route' });
  } finally {
    await without.stop();
    await off.stop();
  }
});

test('a folder that is no page is refused before all of it is in memory', async () => {
  const large = await mkdtemp(join(tmpdir(), 'baton-large-'));
  try {
    await writeFile(join(large, 'index.html'), '');
    await Promise.all(Array.from({ length: 1_001 }, (_, n) => writeFile(join(large, `${n}`), '')));
    await expect(readPage(large)).rejects.toMatchObject({ code: 'page-too-large' });
  } finally {
    await rm(large, { recursive: true });
  }
});
