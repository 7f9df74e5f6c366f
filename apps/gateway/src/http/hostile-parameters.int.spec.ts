import { randomUUID } from 'node:crypto';
import { runStarted } from '@baton/read-model/testing';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../testing/test-gateway.js';

const RUN = randomUUID();
let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'));
  await gateway.log.append(RUN, runStarted());
});
afterAll(() => gateway?.stop());

/** Every route that is only read, with its path parameters in braces and the query parameters that it knows. */
const ROUTES: Readonly<Record<string, readonly string[]>> = {
  '/v1/runs': ['status', 'workflow', 'label', 'limit', 'cursor'],
  '/v1/runs/{id}': [],
  '/v1/runs/{id}/result': [],
  '/v1/runs/{id}/state': ['at'],
  '/v1/runs/{id}/events': ['after', 'limit'],
  '/v1/approvals': ['run', 'cursor', 'limit'],
  '/v1/approvals/{id}': [],
  '/v1/decisions': ['run', 'workflow', 'source', 'classification', 'actionType', 'point', 'since', 'limit', 'cursor'],
  '/v1/decisions/judges': ['workflow', 'since'],
  '/v1/workflows': [],
  '/v1/workflows/{id}': [],
  '/v1/workflows/{id}/graph': ['format'],
  '/v1/webhooks': [],
  '/v1/webhooks/{id}': [],
  '/v1/webhooks/{id}/deliveries': ['cursor', 'limit'],
  '/v1/dead-letters': ['cursor', 'limit'],
};

const HOSTILE = [
  '',
  ' ',
  '0',
  '-1',
  '1e9',
  '9007199254740993',
  '99999999999999999999999',
  '999999',
  '2147483648',
  '999999999999999',
  'NaN',
  '0x10',
  '1;drop table baton.event',
  "'",
  '%00',
  '%ff',
  '%ed%a0%80',
  '%F0%9F%9A%80',
  '..%2f..%2fetc',
  'a'.repeat(5_000),
  '0000-01-01T00:00:00Z',
  '0000-01-01',
  '9999-12-31T23:59:59-23:59',
  '275760-09-13T00:00:00Z',
  '-000001-01-01T00:00:00Z',
  '2026-02-30',
  '2026-01-31T12:00:00.123456789012345678901234567890Z',
  'null',
  '{}',
  '%5B%5D',
  'eyJhIjoxfQ',
  Buffer.from(JSON.stringify(['0000-01-01T00:00:00Z', RUN])).toString('base64url'),
  Buffer.from(JSON.stringify({ at: '0000-01-01T00:00:00Z', id: RUN })).toString('base64url'),
  Buffer.from('9'.repeat(30)).toString('base64url'),
  Buffer.from(`0000-01-01T00:00:00.000Z ${RUN}`).toString('base64url'),
  Buffer.from(`0000-01-01T00:00:00.000Z|${RUN}`).toString('base64url'),
  Buffer.from(`0000-01-01T00:00:00.000Z,${RUN}`).toString('base64url'),
  '=%00',
  'k=%00',
  `${RUN}-99999999999999999999`,
  `${RUN}-2147483648`,
  RUN.slice(0, 4),
  '_%25',
] as const;

const answersOf = async (paths: readonly string[]): Promise<readonly string[]> => {
  const wrong: string[] = [];
  for (let from = 0; from < paths.length; from += 20) {
    const answers = await Promise.all(
      paths.slice(from, from + 20).map(async (path) => [path, await gateway.get(path)] as const),
    );
    for (const [path, { status }] of answers) if (status >= 500) wrong.push(`${status} ${path.slice(0, 200)}`);
  }
  return wrong;
};

test.each(Object.entries(ROUTES))('no value of a parameter is too much for %s', async (route, parameters) => {
  const real = route.replace('{id}', route.includes('workflows') ? 'two-steps' : RUN);
  const paths = [
    ...parameters.flatMap((name) => HOSTILE.map((value) => `${real}?${name}=${value}`)),
    ...parameters.map((name) => `${real}?${name}=1&${name}=2`),
    ...parameters.map((name) => `${real}?${name}[x]=1`),
    ...(route.includes('{id}')
      ? HOSTILE.filter((value) => value !== '').map((value) => route.replace('{id}', value))
      : []),
  ];
  expect(await answersOf(paths)).toEqual([]);
});

test.each([
  ['if-none-match', '"'.repeat(500)],
  ['last-event-id', '99999999999999999999'],
  ['idempotency-key', 'x'.repeat(3_000)],
  ['accept', ','.repeat(3_000)],
])('nor the header %s', async (name, value) => {
  for (const path of ['/v1/runs', `/v1/runs/${RUN}`, `/v1/runs/${RUN}/events`])
    expect((await gateway.get(path, { [name]: value })).status).toBeLessThan(500);
});
