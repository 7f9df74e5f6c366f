import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Resolve } from '../allowed-addresses.js';
import { parseHostRule } from './host-rules.js';
import { type AllowListProxy, openProxy } from './proxy.js';
import type { ProxyPolicy } from './reach.js';

let folder: string;
let echoPort: number;
let webPort: number;
const echo = createTcpServer((socket) => void socket.on('error', () => {}).pipe(socket));
const web = createServer((asked, answer) => {
  if (asked.url === '/away') return void answer.writeHead(302, { location: 'http://elsewhere.example/' }).end();
  answer.writeHead(200, { 'x-host': asked.headers.host ?? '' }).end(JSON.stringify(asked.rawHeaders));
});
const listen = (server: typeof echo | typeof web): Promise<number> =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'baton-proxy-'));
  [echoPort, webPort] = [await listen(echo), await listen(web)];
});
afterAll(async () => {
  web.closeAllConnections();
  await Promise.all([echo, web].map((server) => new Promise((resolve) => server.close(resolve))));
  await rm(folder, { recursive: true });
});

/** A world in which names lead where the test says. */
const world =
  (names: Readonly<Record<string, string>>): Resolve =>
  async (host) => {
    const address = names[host];
    if (address === undefined)
      throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { syscall: 'getaddrinfo' });
    return [{ address, family: address.includes(':') ? 6 : 4 }];
  };
const rules = (...hosts: readonly string[]) => hosts.map((text) => parseHostRule(text)).filter((rule) => rule !== null);

let sockets = 0;
async function proxy(changes: Partial<ProxyPolicy>): Promise<AllowListProxy & { readonly path: string }> {
  sockets += 1;
  const path = join(folder, `${sockets}`);
  const opened = await openProxy(path, {
    allowed: [],
    ownNetwork: [],
    resolve: world({}),
    upstream: null,
    maxBytes: 1_000_000,
    ...changes,
  });
  onTestFinished(opened.close);
  return { ...opened, path };
}

/** Asks for a tunnel, says something, and gives back all that came until the other end closed or went silent. */
const tunnel = (path: string, authority: string, words = ''): Promise<string> =>
  new Promise((resolve) => {
    let came = '';
    const socket: Socket = connect(path, () =>
      socket.write(`CONNECT ${authority} HTTP/1.1\r\nhost: ${authority}\r\n\r\n`),
    );
    socket.on('data', (chunk) => {
      came += chunk;
      if (came.endsWith('established\r\n\r\n') && words !== '') socket.write(words);
      if (words !== '' && came.endsWith(words)) socket.end();
    });
    socket.on('error', () => {});
    socket.once('close', () => resolve(came));
  });

const get = (path: string, url: string): Promise<{ status: number; text: string; host: string | undefined }> =>
  new Promise((resolve, reject) => {
    const asked = request({
      socketPath: path,
      path: url,
      headers: { 'proxy-authorization': 'secret', 'x-own': 'kept' },
    });
    asked.once('error', reject);
    asked.once('response', async (response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      resolve({ status: response.statusCode ?? 0, text, host: `${response.headers['x-host']}` });
    });
    asked.end();
  });

test('a tunnel leads to a host on the list, and what went through is counted', async () => {
  const hosts = rules(`registry.example:${echoPort}`);
  const { path, report } = await proxy({
    allowed: hosts,
    ownNetwork: hosts,
    resolve: world({ 'registry.example': '127.0.0.1' }),
  });
  expect(await tunnel(path, `Registry.Example.:${echoPort}`, 'hello')).toMatch(/^HTTP\/1\.1 200 .*\r\n\r\nhello$/s);
  expect(report()).toEqual({
    reached: [{ host: `registry.example:${echoPort}`, connections: 1, sentBytes: 5, receivedBytes: 5 }],
    refused: [],
    unreachable: [],
  });
});

const LIST = ['registry.example', 'inner.example', 'meta.example', 'own.example:8443', '169.254.169.254:443'];
const WORLD = {
  'registry.example': '93.184.216.34',
  'inner.example': '10.0.0.7',
  'meta.example': '169.254.169.254',
  'own.example': '169.254.169.254',
  'elsewhere.example': '93.184.216.35',
};

test.each([
  ['elsewhere.example:443', 'not on the list'],
  ['registry.example:22', 'not on the list'],
  ['registry.example:80', 'not on the list'],
  ['sub.registry.example:443', 'not on the list'],
  ['93.184.216.34:443', 'not on the list'],
  ['127.0.0.1:443', 'not on the list'],
  ['2130706433:443', 'not on the list'],
  ['0x7f.1:443', 'not on the list'],
  ['[::1]:443', 'not on the list'],
  ['inner.example:443', 'leads to 10.0.0.7, which is a private address'],
  ['meta.example:443', 'leads to 169.254.169.254, which is a link-local address'],
  ['own.example:8443', 'leads to 169.254.169.254, which is a link-local address'],
  ['169.254.169.254:443', 'is a link-local address'],
])('a tunnel to %s is refused: it %s', async (authority, reason) => {
  const own = rules('own.example:8443', '169.254.169.254:443');
  const { path, report } = await proxy({ allowed: rules(...LIST), ownNetwork: own, resolve: world(WORLD) });
  expect(await tunnel(path, authority)).toMatch(/^HTTP\/1\.1 403 /);
  expect(report()).toMatchObject({ reached: [], refused: [{ reason: expect.stringContaining(reason), times: 1 }] });
});

test.each(['nowhere', 'a/b:443', 'user@registry.example:443', 'registry.example:99999', ':443'])(
  'what is no address of a host, %j, leads nowhere',
  async (authority) => {
    const { path, report } = await proxy({ allowed: rules(...LIST), resolve: world(WORLD) });
    expect(await tunnel(path, authority)).toMatch(/^HTTP\/1\.1 40[03] /);
    expect(report().reached).toEqual([]);
  },
);

test('a host that cannot be found or does not answer is told of, and is no refusal', async () => {
  const hosts = rules('gone.example', 'shut.example:1');
  const { path, report } = await proxy({
    allowed: hosts,
    ownNetwork: hosts,
    resolve: world({ 'shut.example': '127.0.0.1' }),
  });
  expect(await tunnel(path, 'gone.example:443')).toMatch(/^HTTP\/1\.1 502 /);
  expect(await tunnel(path, 'shut.example:1')).toMatch(/^HTTP\/1\.1 502 /);
  expect(report()).toEqual({
    reached: [],
    refused: [],
    unreachable: [
      { host: 'gone.example:443', reason: 'its name cannot be found', times: 1 },
      { host: 'shut.example:1', reason: expect.stringContaining('ECONNREFUSED'), times: 1 },
    ],
  });
});

test('plain HTTP goes to a host on the list, with the host of its address and without words for the proxy', async () => {
  const hosts = rules(`web.example:${webPort}`);
  const { path, report } = await proxy({
    allowed: hosts,
    ownNetwork: hosts,
    resolve: world({ 'web.example': '127.0.0.1' }),
  });
  const { status, text, host } = await get(path, `http://web.example:${webPort}/x`);
  expect({ status, host }).toEqual({ status: 200, host: `web.example:${webPort}` });
  expect(text).toContain('x-own');
  expect(text).not.toContain('secret');
  expect(report().reached).toMatchObject([{ host: `web.example:${webPort}`, connections: 1 }]);
});

test('a redirect is an answer like others: where it leads is looked at when it is asked for', async () => {
  const hosts = rules(`web.example:${webPort}`);
  const { path, report } = await proxy({
    allowed: hosts,
    ownNetwork: hosts,
    resolve: world({ 'web.example': '127.0.0.1', 'elsewhere.example': '127.0.0.1' }),
  });
  expect(await get(path, `http://web.example:${webPort}/away`)).toMatchObject({ status: 302 });
  expect(await get(path, 'http://elsewhere.example/')).toMatchObject({ status: 403 });
  expect(report().refused).toMatchObject([{ host: 'elsewhere.example:80' }]);
});

test.each(['/etc/passwd', 'https://registry.example/', 'ftp://registry.example/', 'http://a:b@registry.example/'])(
  'plain HTTP to %s leads nowhere',
  async (url) => {
    const { path, report } = await proxy({ allowed: rules(...LIST), resolve: world(WORLD) });
    expect(await get(path, url)).toMatchObject({ status: 400 });
    expect(report().reached).toEqual([]);
  },
);

test('who sends more than may go through is cut off, and told of', async () => {
  const hosts = rules(`registry.example:${echoPort}`);
  const { path, report } = await proxy({
    allowed: hosts,
    ownNetwork: hosts,
    resolve: world({ 'registry.example': '127.0.0.1' }),
    maxBytes: 100_000,
  });
  await tunnel(path, `registry.example:${echoPort}`, 'x'.repeat(400_000));
  expect(report().refused).toMatchObject([{ reason: 'more than 0 MB went through' }]);
  expect(await tunnel(path, `registry.example:${echoPort}`)).toMatch(/^HTTP\/1\.1 403 /);
});

test('behind a proxy of the machine it goes through that one, with its password, for names that only that one knows', async () => {
  const asked: string[] = [];
  const upstream = createServer((plain, answer) => {
    asked.push(`${plain.method} ${plain.url} ${plain.headers['proxy-authorization']}`);
    answer.end('from upstream');
  });
  upstream.on('connect', (tunnelled, socket: Socket) => {
    asked.push(`CONNECT ${tunnelled.url} ${tunnelled.headers['proxy-authorization']}`);
    const far = connect(echoPort, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      far.pipe(socket);
      socket.pipe(far);
    });
    for (const end of [far, socket]) end.on('error', () => {});
  });
  const port = await listen(upstream);
  onTestFinished(() => void upstream.close());
  const { path, report } = await proxy({
    allowed: rules('registry.example', 'direct.example', 'inner.example'),
    resolve: world({ 'inner.example': '10.0.0.7' }),
    upstream: { url: new URL(`http://me:pass@127.0.0.1:${port}`), noProxy: 'localhost,.direct.example' },
  });
  const login = `Basic ${Buffer.from('me:pass').toString('base64')}`;
  expect(await tunnel(path, 'registry.example:443', 'hello')).toMatch(/hello$/);
  expect(await get(path, 'http://registry.example/p')).toMatchObject({ status: 200, text: 'from upstream' });
  expect(asked).toEqual([`CONNECT registry.example:443 ${login}`, `GET http://registry.example/p ${login}`]);
  expect(await tunnel(path, 'direct.example:443')).toMatch(/^HTTP\/1\.1 502 /);
  expect(await tunnel(path, 'inner.example:443')).toMatch(/^HTTP\/1\.1 403 /);
  expect(await tunnel(path, 'elsewhere.example:443')).toMatch(/^HTTP\/1\.1 403 /);
  expect(asked).toHaveLength(2);
  expect(report().reached.map(({ host }) => host)).toEqual(['registry.example:443', 'registry.example:80']);
});
