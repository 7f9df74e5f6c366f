import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { runStarted } from '@baton/read-model/testing';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { openApiDocument } from '../openapi/document.js';
import { HOSTILE_BODIES, HOSTILE_VALUES, withWrongMembers } from '../testing/hostile-values.js';
import { type Answer, startTestGateway, type TestGateway, TOKEN } from '../testing/test-gateway.js';

/*
 * Every route of the document with what strangers send. No answer is our mistake, none shows the inside, and each is one that
 * the document names: the test gateway holds all of them to it.
 */

const RUN = randomUUID();
let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'));
  await gateway.log.append(RUN, runStarted());
});
afterAll(() => gateway?.stop());

interface Parameter {
  readonly name: string;
  readonly in: string;
}

interface Route {
  readonly method: string;
  readonly path: string;
  readonly query: readonly string[];
  /** The members of its body; null where it has none. */
  readonly members: readonly string[] | null;
}

const document = JSON.parse(JSON.stringify(openApiDocument()));

const ROUTES: readonly Route[] = Object.entries<object>(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, { parameters = [], requestBody }]) => ({
    method: method.toUpperCase(),
    path,
    query: parameters.filter((each: Parameter) => each.in === 'query').map(({ name }: Parameter) => name),
    members: requestBody === undefined ? null : membersOf(requestBody.content['application/json']?.schema?.$ref),
  })),
);

function membersOf(ref: string | undefined): readonly string[] {
  const name = ref?.split('/').at(-1) ?? '';
  return Object.keys(document.components.schemas[name]?.properties ?? {});
}

/** With something real in its place, so that a handler gets as far as it can. */
const real = (path: string): string =>
  path
    .replace('{ref}', 'two-steps')
    .replace('{tree}', 'a'.repeat(64))
    .replace('{path}', 'src/a.ts')
    .replaceAll(/\{\w+\}/g, RUN);

const INSIDE = /\bat .+:\d+:\d+|node_modules|\bselect .+ from |postgres(ql)?:\/\/|\.ts:|Error:/i;

function problemOf(what: string, { status, body }: Answer): readonly string[] {
  const text = JSON.stringify(body) ?? '';
  if (status >= 500) return [`${status} ${what}: ${text.slice(0, 200)}`];
  return status >= 400 && INSIDE.test(text) ? [`${what} shows ${text.slice(0, 300)}`] : [];
}

async function problemsOf(asked: readonly (readonly [string, () => Promise<Answer>])[]): Promise<readonly string[]> {
  const problems: string[] = [];
  for (let from = 0; from < asked.length; from += 20) {
    const some = asked.slice(from, from + 20);
    const answers = await Promise.all(some.map(async ([what, ask]) => problemOf(what.slice(0, 120), await ask())));
    problems.push(...answers.flat());
  }
  return problems;
}

const auth = { authorization: `Bearer ${TOKEN}` };
const ask = (method: string, path: string) =>
  [`${method} ${path}`, () => gateway.bare(path, { method, headers: auth })] as const;

test('every route is tried', () => {
  expect(ROUTES.length).toBeGreaterThan(55);
  expect(ROUTES.filter(({ query }) => query.length > 0).length).toBeGreaterThan(15);
  expect(ROUTES.filter(({ members }) => (members ?? []).length > 0).length).toBeGreaterThan(10);
});

describe.each(ROUTES)('$method $path', ({ method, path, query, members }) => {
  test('takes no parameter for what it is not', async () => {
    const at = real(path);
    const inQuery = query.flatMap((name) => [
      ...HOSTILE_VALUES.map((value) => `${at}?${name}=${value}`),
      `${at}?${name}=1&${name}=2`,
      `${at}?${name}[x]=1`,
      `${at}?${name}`,
    ]);
    const inPath = [...path.matchAll(/\{\w+\}/g)].flatMap(([parameter]) =>
      HOSTILE_VALUES.filter((value) => value !== '').map((value) => real(path.replace(parameter, value))),
    );
    expect(await problemsOf([...inQuery, ...inPath].map((each) => ask(method, each)))).toEqual([]);
  });

  if (members === null) return;

  test('takes no body for what it is not', async () => {
    const send = (what: string, body: string | Buffer, type = 'application/json') =>
      [
        `${method} ${path} with ${what}`,
        () =>
          gateway.bare(real(path), {
            method,
            headers: { ...auth, 'content-type': type },
            body: new Uint8Array(Buffer.from(body)),
          }),
      ] as const;
    const bodies = Object.entries(HOSTILE_BODIES).map(([what, body]) => send(what, body));
    const typed = withWrongMembers(members).map((body) =>
      send(JSON.stringify(body).slice(36, 80), JSON.stringify(body)),
    );
    const types = [
      'text/plain',
      'application/x-tar',
      'application/yaml',
      'multipart/form-data',
      'application/json; charset=utf-16',
    ];
    const asOthers = types.map((type) => send(type, '{"a":1}', type));
    expect(await problemsOf([...bodies, ...typed, ...asOthers])).toEqual([]);
  });
});

test('what came in left nothing behind: no prototype is changed, and the memory is not full', () => {
  expect(Reflect.get({}, 'isAdmin')).toBeUndefined();
  expect(process.memoryUsage().heapUsed).toBeLessThan(1_000_000_000);
});

/** fetch rewrites paths and refuses some headers; this sends what it is told. */
function raw(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<number> {
  const { hostname, port } = new URL(gateway.url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method, headers: { ...auth, ...headers } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    // The server may close the connection on a head that is too large, before all of it is sent.
    sent
      .once('error', (error) => ('code' in error && error.code === 'ECONNRESET' ? resolve(431) : reject(error)))
      .end();
  });
}

test.each([
  '/v1/../livez',
  '/v1/runs/../../metrics',
  '/v1/%2e%2e/livez',
  '//v1//runs',
  '/v1/runs;jsessionid=1',
  '/v1\\runs',
  '/V1/RUNS',
  'http://elsewhere.example/v1/runs',
  '*',
  `/v1/${'runs/'.repeat(2_000)}`,
  `/v1/runs?${'a=1&'.repeat(3_000)}`,
  '/v1/runs?__proto__[isAdmin]=1&constructor[prototype][isAdmin]=1',
])('no path leads astray: %s', async (path) => {
  expect([200, 400, 404, 414, 421, 431]).toContain(await raw(path));
});

test.each([
  ['if-none-match', '"'.repeat(500)],
  ['if-none-match', '*, W/"x"'],
  ['last-event-id', '99999999999999999999'],
  ['idempotency-key', 'x'.repeat(3_000)],
  ['accept', ','.repeat(3_000)],
  ['prefer', 'wait=99999999999999999999'],
  ['x-request-id', 'x'.repeat(8_000)],
  ['authorization', `Bearer ${'x'.repeat(8_000)}`],
  ['x-forwarded-for', '1.1.1.1, '.repeat(500)],
  ['x-huge', 'x'.repeat(20_000)],
])('no header is too much: %s', async (name, value) => {
  for (const path of ['/v1/runs', `/v1/runs/${RUN}`, '/livez'])
    expect(await raw(path, { [name]: value })).toBeLessThan(500);
  expect(
    await raw('/v1/runs', Object.fromEntries(Array.from({ length: 1_500 }, (_, n) => [`x-${n}`, 'x']))),
  ).toBeLessThan(500);
});
