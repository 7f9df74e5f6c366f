import type { IncomingMessage, ServerResponse } from 'node:http';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../limits.js';
import { startPageServer } from '../testing/page-server.js';
import { parseAllowedHosts } from './allowed-hosts.js';
import { fetchPage, type PageSettings } from './fetch-page.js';

const never = new AbortController().signal;
const settings = (hosts: string, changes: Partial<PageSettings> = {}): PageSettings => ({
  hosts: parseAllowedHosts(hosts),
  allowPrivate: true,
  resolve: async () => [{ address: '127.0.0.1', family: 4 }],
  limits: { ...DEFAULT_LIMITS, pageMs: 5_000 },
  ...changes,
});

const html = (response: ServerResponse, body: string | Buffer, headers: Record<string, string> = {}): void => {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...headers });
  response.end(body);
};

/** Fetches a path of a server that answers like this; its own host is allowed. */
async function fetched(
  answer: (response: ServerResponse, request: IncomingMessage, url: string) => void,
  changes: Partial<PageSettings> = {},
) {
  const at: { url?: string } = {};
  const { url, asked } = await startPageServer((response, request) => answer(response, request, at.url ?? ''));
  at.url = url;
  const result = await fetchPage(new URL(`${url}/start`), settings(url, changes), never);
  return { result, asked, url };
}

const reasonOf = async (...given: Parameters<typeof fetched>): Promise<string> => {
  const { result } = await fetched(...given);
  return result.ok ? expect.fail('it was fetched') : result.reason;
};

describe('a page', () => {
  test('is fetched with its kind and charset, packed or not, also where its server leads on', async () => {
    const { result } = await fetched((response, request) => {
      if (request.url === '/start') response.writeHead(302, { location: '/end' }).end();
      else html(response, gzipSync('<p>hi'), { 'content-encoding': 'gzip' });
    });
    expect(result).toEqual({ ok: true, page: { bytes: Buffer.from('<p>hi'), kind: 'html', charset: 'utf-8' } });
    const packed = await fetched((response) => html(response, brotliCompressSync('x'), { 'content-encoding': 'br' }));
    expect(packed.result).toMatchObject({ ok: true, page: { bytes: Buffer.from('x') } });
  });

  test('of a host that is not on the list is not asked for', async () => {
    const { url, asked } = await startPageServer((response) => html(response, 'x'));
    const result = await fetchPage(new URL(url), settings('docs.example'), never);
    expect(result).toMatchObject({ ok: false, reason: expect.stringContaining('BATON_KNOWLEDGE_HOSTS') });
    expect(asked).toEqual([]);
  });

  test('at an address of one’s own network is asked for only where that is allowed', async () => {
    expect(await reasonOf((response) => html(response, 'x'), { allowPrivate: false })).toContain('loopback address');
    const byName = settings('http://docs.example', { allowPrivate: false });
    const result = await fetchPage(new URL('http://docs.example/'), byName, never);
    expect(result).toMatchObject({ ok: false, reason: expect.stringContaining('leads to 127.0.0.1') });
  });

  test.each([
    ['http://169.254.169.254/latest/meta-data', 'not allowed'],
    ['file:///etc/passwd', 'not allowed'],
    ['http://docs.example/', 'not allowed'],
    ['http://', 'no address'],
  ])('whose server leads on to %s is not followed', async (location, reason) => {
    const led = await reasonOf((response) => response.writeHead(302, { location }).end());
    expect(led).toContain(reason);
  });

  test('that leads on to an allowed name at the address where clouds hand out keys is not followed, whatever is allowed', async () => {
    const { url } = await startPageServer((response) =>
      response.writeHead(307, { location: 'http://inner.example/latest' }).end(),
    );
    const result = await fetchPage(
      new URL(url),
      settings(`${url},http://inner.example`, { resolve: async () => [{ address: '169.254.169.254', family: 4 }] }),
      never,
    );
    expect(result).toMatchObject({ ok: false, reason: expect.stringContaining('link-local') });
    const direct = await fetchPage(new URL('http://169.254.169.254/'), settings('http://169.254.169.254'), never);
    expect(direct).toMatchObject({ ok: false, reason: expect.stringContaining('link-local') });
  });

  test('that leads in a circle ends after as many steps as are followed', async () => {
    const { result, asked } = await fetched((response) => response.writeHead(302, { location: '/start' }).end());
    expect(result).toMatchObject({ ok: false, reason: expect.stringContaining('more than 5 times') });
    expect(asked).toHaveLength(6);
  });

  test('without end is cut off at its bound, by length or by time', async () => {
    const flood = (response: ServerResponse): void => {
      response.writeHead(200, { 'content-type': 'text/plain' });
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
        response.once('drain', more);
      };
      more();
    };
    expect(await reasonOf(flood)).toContain('more than 2 MB');
    const drip = (response: ServerResponse): void => {
      response.writeHead(200, { 'content-type': 'text/plain' });
      const timer = setInterval(() => response.write('x'), 20);
      response.once('close', () => clearInterval(timer));
    };
    const limits = { ...DEFAULT_LIMITS, pageMs: 400 };
    expect(await reasonOf(drip, { limits })).toContain('longer than 0.4 s');
    expect(await reasonOf(() => undefined, { limits })).toContain('longer than 0.4 s');
  });

  test('that unpacks to more than its bound is cut off there', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024));
    const before = process.memoryUsage().rss;
    expect(await reasonOf((response) => html(response, bomb, { 'content-encoding': 'gzip' }))).toContain(
      'more than 2 MB',
    );
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  });

  test.each([
    ['answers 404', (response: ServerResponse) => response.writeHead(404).end(), 'answered 404'],
    ['sends a film', (response: ServerResponse) => html(response, 'x', { 'content-type': 'video/mp4' }), 'video/mp4'],
    [
      'packs it in its own way',
      (response: ServerResponse) => html(response, 'x', { 'content-encoding': 'zstd' }),
      'zstd',
    ],
    [
      'says it is packed and it is not',
      (response: ServerResponse) => html(response, 'x', { 'content-encoding': 'gzip' }),
      'could not be fetched',
    ],
    ['hangs up', (response: ServerResponse) => response.destroy(), 'could not be fetched'],
  ])('whose server %s is left out in one sentence', async (_, answer, reason) => {
    const said = await reasonOf(answer);
    expect(said).toContain(reason);
    expect(said).toMatch(/^[^.]+: [^.]+$/);
  });

  test('is given up where the task is', async () => {
    const controller = new AbortController();
    const { url } = await startPageServer(() => controller.abort(new Error('stopped')));
    await expect(fetchPage(new URL(url), settings(url), controller.signal)).rejects.toThrow('stopped');
  });
});
