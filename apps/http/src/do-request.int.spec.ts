import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { doRequest } from './do-request.js';
import { type HttpSettings, readSettings } from './env.js';
import { RequestArguments } from './request-arguments.js';
import { secretsFile } from './testing/secrets-file.js';

const SECRET = 'a-secret/of+24%characters';

interface Taken {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

let server: Server;
let port: number;
let taken: Taken[] = [];
let answer: (taken: Taken, response: ServerResponse) => void;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const { method = '', url = '', headers } = request;
    const one = { method, url, headers, body: Buffer.concat(chunks).toString() };
    taken.push(one);
    answer(one, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  taken = [];
  answer = (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}');
});

const settings = (over: Record<string, string> = {}): HttpSettings =>
  readSettings({ BATON_HTTP_HOSTS: `127.0.0.1:${port}`, BATON_HTTP_ALLOW_PRIVATE: 'true', ...over });
const withSecret = (hosts: readonly string[] = [`127.0.0.1:${port}`]): HttpSettings =>
  settings({ BATON_HTTP_SECRETS: secretsFile({ shop: { env: 'SHOP', hosts } }), SHOP: SECRET });
const ask = (over: object, with_: HttpSettings = settings(), signal = new AbortController().signal) =>
  doRequest(
    RequestArguments.parse({ ApiEndpoint: `http://127.0.0.1:${port}/orders`, Method: 'GET', ...over }),
    'command-1',
    with_,
    signal,
  );

describe('a request', () => {
  test('goes out as the task says, and its answer is the result', async () => {
    answer = (_, response) =>
      response
        .writeHead(201, 'Made', { 'content-type': 'application/problem+json', 'set-cookie': ['a=1', 'b=2'] })
        .end('{"id":7}');
    const result = await ask({
      Method: 'POST',
      Headers: { 'X-Number': 3, Accept: ['a/b', 'c/d'] },
      QueryParameters: { q: 'ä&b', list: ['1', '2'] },
      RequestBody: { parcels: 3 },
    });
    expect(result).toMatchObject({ StatusCode: 201, StatusText: 'Made', ResponseBody: { id: 7 } });
    expect(result.Headers['set-cookie']).toEqual(['a=1', 'b=2']);
    const [{ method, url, headers, body } = { method: '', url: '', headers: {}, body: '' }] = taken;
    expect({ method, url, body }).toEqual({
      method: 'POST',
      url: '/orders?q=%C3%A4%26b&list=1&list=2',
      body: '{"parcels":3}',
    });
    expect(headers).toMatchObject({ 'x-number': '3', accept: 'a/b, c/d', 'content-type': 'application/json' });
  });

  test('that comes again has the same key, and tells nothing of its run', async () => {
    await ask({});
    await ask({});
    const keys = taken.map(({ headers }) => headers['idempotency-key']);
    expect(keys[0]).toMatch(/^[0-9a-f]{40}$/);
    expect(keys[1]).toBe(keys[0]);
    await ask({ Headers: { 'Idempotency-Key': 'mine' } });
    expect(taken[2]?.headers['idempotency-key']).toBe('mine');
  });

  test.each([
    ['INDICES', 'a%5B0%5D=1&a%5B1%5D=2&b%5Bc%5D=x+y'],
    ['BRACKETS', 'a%5B%5D=1&a%5B%5D=2&b%5Bc%5D=x+y'],
    ['REPEAT', 'a=1&a=2&b%5Bc%5D=x+y'],
    ['COMMAS', 'a=1%2C2&b%5Bc%5D=x+y'],
  ])('has its body as a form where that is asked for: %s', async (ArrayFormat, body) => {
    await ask({
      Method: 'POST',
      RequestBody: { a: [1, 2], b: { c: 'x y' } },
      Transform: { RequestBodyEncoding: 'URL_ENCODED', RequestEncodingOptions: { ArrayFormat } },
    });
    expect(taken[0]).toMatchObject({
      body,
      headers: { 'content-type': 'application/x-www-form-urlencoded;charset=utf-8' },
    });
  });

  test('whose answer is no JSON gives text', async () => {
    answer = (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{');
    expect(await ask({})).toMatchObject({ ResponseBody: '{' });
    answer = (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('a\u0000b');
    expect(JSON.stringify(await ask({}))).not.toContain('\\u0000');
  });
});

describe('an answer that is none', () => {
  test.each([301, 404, 429, 503])('the status %i is an error with its name, and the cause is JSON', async (status) => {
    answer = (_, response) => response.writeHead(status, { 'retry-after': '3' }).end('x'.repeat(10_000));
    const error = await ask({}).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ name: `States.Http.StatusCode.${status}` });
    const cause = JSON.parse((error as Error).message);
    expect(cause).toMatchObject({ StatusCode: status, Headers: { 'retry-after': ['3'] } });
    expect((error as Error).message.length).toBeLessThan(4_000);
    // Where a redirect leads nobody looked.
    expect(taken).toHaveLength(1);
  });

  test('of which much has to be escaped keeps its cause JSON, and short', async () => {
    const headers = Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`x-${n}`, '"'.repeat(200)]));
    answer = (_, response) => response.writeHead(500, headers).end('"'.repeat(9_000));
    const error = (await ask({}).catch((thrown: Error) => thrown)) as Error;
    expect(error.message.length).toBeLessThanOrEqual(3_900);
    const { StatusCode, Headers } = JSON.parse(error.message);
    expect(StatusCode).toBe(500);
    expect(Headers['x-0']).toEqual(['"'.repeat(200)]);
    answer = (_, response) => response.writeHead(500, 'x'.repeat(3_000)).end('\u0001'.repeat(9_000));
    const control = (await ask({}).catch((thrown: Error) => thrown)) as Error;
    expect(control.message.length).toBeLessThanOrEqual(3_900);
    expect(JSON.parse(control.message).ResponseBody).toContain('\u0001');
  });

  test('a connection that breaks off, and a host that says nothing for too long', async () => {
    answer = (_, response) => response.destroy();
    await expect(ask({})).rejects.toMatchObject({ name: 'States.Http.Socket' });
    answer = () => {};
    await expect(ask({}, { ...settings(), timeoutMs: 20 })).rejects.toMatchObject({ name: 'States.Http.Socket' });
  });

  test('one that is too large, in either direction', async () => {
    answer = (_, response) => response.end('x'.repeat(2_000));
    const small = { ...settings(), mostBytes: 1_000 };
    await expect(ask({}, small)).rejects.toMatchObject({ name: 'States.DataLimitExceeded' });
    taken = [];
    await expect(ask({ Method: 'POST', RequestBody: 'x'.repeat(2_000) }, small)).rejects.toMatchObject({
      name: 'States.DataLimitExceeded',
    });
    expect(taken).toEqual([]);
  });

  test('whoever ends the task ends the request with its reason', async () => {
    const stop = new AbortController();
    answer = () => stop.abort(new Error('nobody waits'));
    await expect(ask({}, settings(), stop.signal)).rejects.toThrow('nobody waits');
  });
});

describe('what is not allowed is not sent', () => {
  test.each<[string, object, Record<string, string>, string]>([
    ['any host, where none is named', {}, { BATON_HTTP_HOSTS: '' }, 'Baton.HostNotAllowed'],
    ['another port', {}, { BATON_HTTP_HOSTS: '127.0.0.1' }, 'Baton.HostNotAllowed'],
    ['plain http', {}, { BATON_HTTP_ALLOW_PRIVATE: 'false' }, 'Baton.HostNotAllowed'],
    [
      'a private address behind an allowed name',
      { ApiEndpoint: 'https://localhost/' },
      { BATON_HTTP_HOSTS: 'localhost', BATON_HTTP_ALLOW_PRIVATE: 'false' },
      'Baton.HostNotAllowed',
    ],
    [
      'where clouds hand out keys',
      { ApiEndpoint: 'http://169.254.169.254/latest' },
      { BATON_HTTP_HOSTS: '169.254.169.254' },
      'Baton.HostNotAllowed',
    ],
    ['a user in the URL', { ApiEndpoint: 'https://a:b@api.example.com/' }, {}, 'Baton.InvalidInput'],
    ['no URL', { ApiEndpoint: 'orders' }, {}, 'Baton.InvalidInput'],
    ['a header of the connection', { Headers: { Host: 'other' } }, {}, 'Baton.InvalidInput'],
    ['two headers in one', { Headers: { 'X-A': 'b\r\nX-C: d' } }, {}, 'Baton.InvalidInput'],
    ['a secret that is not there', { Headers: { 'X-Key': { secret: 'shop' } } }, {}, 'Baton.SecretNotAllowed'],
  ])('%s', async (_what, over, env, name) => {
    await expect(ask(over, settings(env))).rejects.toMatchObject({ name });
    expect(taken).toEqual([]);
  });
});

describe('a secret', () => {
  test.each<[string, object]>([
    ['a header', { Headers: { 'X-Key': { secret: 'shop' } } }],
    ['a parameter', { QueryParameters: { key: { secret: 'shop' } } }],
    ['the body', { Method: 'POST', RequestBody: { deep: [{ secret: 'shop' }] } }],
    ['Authorization', { Authentication: { secret: 'shop', before: 'Bearer ' } }],
    ['a connection', { Authentication: { ConnectionArn: 'arn:aws:events:eu-central-1:1:connection/shop/x' } }],
    ['an invocation', { InvocationConfig: { ConnectionArn: 'arn:aws:events:eu-central-1:1:connection/shop/x' } }],
  ])('gets to its host by %s, and comes back nowhere', async (_where, over) => {
    answer = ({ url, headers, body }, response) =>
      response
        .writeHead(200, { 'content-type': 'application/json', 'x-said': JSON.stringify(headers) })
        .end(JSON.stringify({ url, headers, body, again: btoa(SECRET) }));
    const result = JSON.stringify(await ask(over, withSecret()));
    expect(JSON.stringify(taken).includes(SECRET) || taken[0]?.url.includes(encodeURIComponent(SECRET))).toBe(true);
    for (const form of [SECRET, encodeURIComponent(SECRET), btoa(SECRET)]) expect(result).not.toContain(form);
    answer = ({ url, headers, body }, response) => response.writeHead(401).end(JSON.stringify({ url, headers, body }));
    const error = (await ask(over, withSecret()).catch((thrown: Error) => thrown)) as Error;
    expect(error.name).toBe('States.Http.StatusCode.401');
    for (const form of [SECRET, encodeURIComponent(SECRET)]) expect(error.message).not.toContain(form);
  });

  test('goes to no host that it is not for', async () => {
    const other = withSecret(['api.example.com']);
    await expect(ask({ Authentication: { secret: 'shop' } }, other)).rejects.toMatchObject({
      name: 'Baton.SecretNotAllowed',
    });
    expect(taken).toEqual([]);
  });
});

test.each<[string, object, string]>([
  ['too short', { shop: { value: 'short', hosts: ['a'] } }, 'at least 12'],
  [
    'of a few letters alone',
    { shop: { value: 'onlyLettersButFew', hosts: ['a'] } },
    'of letters alone has at least 20',
  ],
  ['of no variable', { shop: { env: 'NOT_THERE', hosts: ['a'] } }, 'NOT_THERE is not set'],
  ['for no host', { shop: { value: 'a-long-secret-1', hosts: [] } }, 'hosts'],
  ['in a wrong place', { shop: { secret: 'a-long-secret-1', hosts: ['a'] } }, 'shop'],
])('a secret %s stops the start, which does not say it', (_what, file, says) => {
  const start = () => readSettings({ BATON_HTTP_SECRETS: secretsFile(file) });
  expect(start).toThrow(says);
  expect(start).not.toThrow(/a-long-secret-1|onlyLettersButFew/);
});
