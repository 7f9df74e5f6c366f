import { afterEach, beforeEach, expect, test } from 'vitest';
import { Bench } from '../testing/baton.js';
import { json } from '../testing/http-server.js';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.start();
});
afterEach(() => bench.stop());

const entry = (position: number) => ({
  position,
  at: '2026-01-01T00:00:00.000Z',
  kind: 'refused',
  actor: null,
  address: '127.0.0.1',
  route: 'GET /v1/runs',
  code: 'unauthorized',
  about: null,
  count: 1,
  detail: null,
  hash: 'a'.repeat(64),
});
const paths = () => bench.server.requests.map(({ path }) => path);

test('the log of access is read page by page, up to the limit, and says how to go on', async () => {
  bench.routes.set('GET /v1/auth/log', ({ path }, response) => {
    const size = Number(new URLSearchParams(path.split('?')[1]).get('limit'));
    json(response, 200, { entries: Array.from({ length: size }, (_, n) => entry(n + 1)), next: 'more' });
  });
  const { stdout, stderr } = await bench.baton(['auth', 'log', '--kind', 'refused', '--limit', '250']);
  expect(stdout.trim().split('\n')).toHaveLength(251);
  expect(paths().slice(-2)).toEqual([
    '/v1/auth/log?limit=200&kind=refused',
    '/v1/auth/log?limit=50&cursor=more&kind=refused',
  ]);
  expect(stderr).toContain('There are more: `baton auth log --kind refused --limit 250 --after more`.');
  await bench.baton(['auth', 'log', '--limit', '2', '--after', 'more']);
  expect(paths().at(-1)).toBe('/v1/auth/log?limit=2&cursor=more');
  expect(await bench.baton(['auth', 'log', '--limit', 'many'])).toMatchObject({ exitCode: 2 });
});

test('its verification says how much of it is signed, and is exit code 9 where it is not as it was written', async () => {
  const check = { verified: true, entries: 12, hash: 'b'.repeat(64), signed: 11, problem: null };
  bench.routes.set('GET /v1/auth/log/verify', (_, response) => json(response, 200, check));
  expect((await bench.baton(['auth', 'log', '--verify'])).stdout).toMatch(/^signed +11$/m);
  const problem = 'Entry 3 of the log of access is missing.';
  const wrong = { ...check, verified: false, signed: null, problem };
  bench.routes.set('GET /v1/auth/log/verify', (_, response) => json(response, 200, wrong));
  const { stdout, stderr, exitCode } = await bench.baton(['auth', 'log', '--verify']);
  expect(stdout).toMatch(/^signed +no, nothing is published/m);
  expect([exitCode, stderr]).toEqual([9, `${problem}\n`]);
});

test('whoever has several grants is shown which roles are for which runs', async () => {
  const actor = { type: 'user', id: 'ada' };
  const grants = [
    { roles: ['viewer'], scope: null },
    { roles: ['viewer', 'operator'], scope: { labels: { team: 'blue' } } },
  ];
  const me = { actor, roles: ['viewer', 'operator'], scope: null, grants, expiresAt: null };
  bench.routes.set('GET /v1/auth/me', (_, response) => json(response, 200, me));
  const { stdout } = await bench.baton(['auth', 'whoami']);
  expect(stdout).toMatch(/^on all runs +viewer$/m);
  expect(stdout).toMatch(/^on label=team=blue +viewer, operator$/m);
});

test('a link is made for whoever asks, behind the address of the gateway', async () => {
  const made = { code: 'abc', path: '/sign-in#code=abc', expiresAt: '2026-01-01T00:10:00.000Z' };
  bench.routes.set('POST /v1/auth/codes', (_, response) => json(response, 201, made));
  const { stdout, stderr, exitCode } = await bench.baton(['auth', 'link']);
  expect([exitCode, stdout]).toEqual([0, `${bench.server.url}/sign-in#code=abc\n`]);
  expect(stderr).toContain('It works once');
  const asJson = await bench.baton(['auth', 'link', '-o', 'json']);
  expect(JSON.parse(asJson.stdout)).toEqual({ url: `${bench.server.url}/sign-in#code=abc`, expiresAt: made.expiresAt });
});

test('sessions are listed with who is signed in, and one is ended by its id', async () => {
  const id = '3f2a91c0-5b1e-4f0a-9d67-0c8e8a1c2b3d';
  const at = '2026-01-31T12:00:00.000Z';
  const session = {
    sessionId: id,
    actor: { type: 'user', id: 'ada' },
    beganAt: at,
    usedAt: at,
    endsAt: at,
    isThis: false,
  };
  const sessions = [session, { ...session, actor: null }];
  bench.routes.set('GET /v1/auth/sessions', (_, response) => json(response, 200, { sessions, next: null }));
  bench.routes.set(`DELETE /v1/auth/sessions/${id}`, (_, response) => void response.writeHead(204).end());
  const { stdout } = await bench.baton(['auth', 'session', 'list']);
  expect(stdout).toMatch(/^SESSION +WHO +SINCE +LAST USED +ENDS$/m);
  expect(stdout).toMatch(new RegExp(`^${id} +user:ada +2026-01-31 12:00:00Z`, 'm'));
  expect(stdout).toMatch(new RegExp(`^${id} +not known`, 'm'));
  const ended = await bench.baton(['auth', 'session', 'end', id]);
  expect([ended.exitCode, ended.stderr]).toEqual([0, 'It is over: that browser is signed out.\n']);
  expect(paths().at(-1)).toBe(`/v1/auth/sessions/${id}`);
});
