import { afterEach, expect, test } from 'vitest';
import { parseEnvironment } from '../environment.js';
import { type Answer, type HttpServer, json, problem, serve } from '../testing/http-server.js';
import { dashboardLink } from './dashboard-link.js';
import { summaryLines } from './up.js';

const servers: HttpServer[] = [];
const start = async (answer: Answer): Promise<HttpServer> => {
  const server = await serve(answer, 0);
  servers.push(server);
  return server;
};
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.kill()));
});

const code = { code: 'abc', path: '/sign-in#code=abc', expiresAt: '2026-01-01T00:10:00.000Z' };

test('the link leads to wherever the gateway is, with a code that the token of the stack was given', async () => {
  const server = await start(({ path }, response) => json(response, path === '/' ? 200 : 201, code));
  expect(await dashboardLink({ url: server.url, token: 'the-token' })).toBe(`${server.url}/sign-in#code=abc`);
  const asked = server.requests.map(({ method, path, headers }) => [method, path, headers.authorization]);
  expect(asked).toEqual([
    ['GET', '/', undefined],
    ['POST', '/v1/auth/codes', 'Bearer the-token'],
  ]);
});

test('where no dashboard is served there is no link, and no code for it', async () => {
  const server = await start((_, response) => problem(response, 404, 'no-such-route', 'There is nothing.'));
  expect(await dashboardLink({ url: server.url, token: 'the-token' })).toBeNull();
  expect(server.requests.length).toBe(1);
});

test('a stack whose gateway gives no code is there all the same', async () => {
  const server = await start(({ path }, response) =>
    path === '/' ? json(response, 200, {}) : problem(response, 503, 'database-unreachable', 'It is away.'),
  );
  expect(await dashboardLink({ url: server.url, token: 'the-token' })).toBeNull();
});

test('what a person is told once all runs has the link, where there is one', () => {
  const env = parseEnvironment({}, '/home/ada');
  const stack = { url: 'http://127.0.0.1:4500' };
  const link = 'http://127.0.0.1:4500/sign-in#code=abc';
  expect(summaryLines({ env }, stack, ['gateway'], link).join('\n')).toMatch(
    /dashboard +http:\/\/127\.0\.0\.1:4500\/sign-in#code=abc/,
  );
  expect(summaryLines({ env }, stack, ['gateway'], null).join('\n')).not.toContain('dashboard');
});
