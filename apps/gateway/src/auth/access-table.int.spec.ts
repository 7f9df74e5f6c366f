import { randomUUID } from 'node:crypto';
import { type Actor, Role } from '@baton/contracts';
import { runStarted } from '@baton/read-model/testing';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { ACCESS_TABLE, type RouteAccess } from '../testing/access-table.js';
import { asked, entered, frame } from '../testing/approval-events.js';
import { type Answer, startTestGateway, type TestGateway } from '../testing/test-gateway.js';

/*
 * The written table, held against a running gateway: each route with a key of each role, for all runs and for its own
 * alone, on a run of its own and on one of somebody else.
 */

let gateway: TestGateway;
const keys = new Map<string, string>();
/** Runs by whose they are. */
const runs = new Map<string, string>();

const names = Role.options.flatMap((role) => [`the-${role}`, `own-${role}`]);

async function runOf(submittedBy: Actor): Promise<string> {
  const runId = randomUUID();
  await gateway.log.append(
    runId,
    runStarted({ submittedBy }),
    frame(1),
    entered(1),
    asked(runId, 1, { title: 'Ship it?' }),
  );
  return runId;
}

beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'));
  for (const role of Role.options) {
    for (const [name, more] of [
      [`the-${role}`, {}],
      [`own-${role}`, { scope: { own: true } }],
    ] as const) {
      const { status, body } = await gateway.post('/v1/auth/keys', { name, roles: [role], ...more });
      expect(status, JSON.stringify(body)).toBe(201);
      keys.set(name, body.key);
    }
  }
  for (const name of [...names, 'somebody']) runs.set(name, await runOf({ type: 'apikey', id: name }));
  await vi.waitFor(
    async () => {
      const { body } = await gateway.get('/v1/runs?limit=200');
      expect(body.runs).toHaveLength(names.length + 1);
    },
    { timeout: 20_000, interval: 200 },
  );
});
afterAll(() => gateway?.stop());

const send = (name: string, method: string, path: string, body?: unknown): Promise<Answer> =>
  gateway.bare(path, {
    method,
    headers: {
      authorization: `Bearer ${keys.get(name)}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

/** What each route takes; where there is nothing here the body is none, and whoever is let in is told so. */
const BODIES: Readonly<Record<string, unknown>> = {
  '/v1/runs/:id/fork': { at: 1 },
  '/v1/runs/:id/ratings': { score: 5 },
  '/v1/runs/:id/cancel': {},
  '/v1/runs/:id/pause': {},
  '/v1/runs/:id/resume': {},
  '/v1/runs/:id/retry': {},
  '/v1/runs/:id/signals': { name: 'go' },
  '/v1/approvals/:id/decision': { decision: 'approve' },
};

/** What routes on a run have to be asked with. */
const QUERIES: Readonly<Record<string, (runId: string) => string>> = {
  conversation: (runId) => `?command=${runId}-1`,
  '/v1/foresight/expectations': () => '?workflow=two-steps',
  'diff/file': () => '?path=a&side=after',
  printed: () => '?event=1&tool=tests&stream=stdout',
};

/** Takes a route on a run: whose it is, is in its path where the route has one. */
function take(name: string, { method, path }: RouteAccess, runId: string): Promise<Answer> {
  const id = path.startsWith('/v1/approvals/')
    ? `${runId}-1`
    : /^\/v1\/(runs|foresight\/expectations)\//.test(path)
      ? runId
      : null;
  // Of its own key everybody makes another; the keys of this test are needed for the routes that follow.
  const place = path.replace(/:(\w+)/g, (_, parameter) =>
    parameter === 'id' && id !== null ? id : 'nothing-has-this-name',
  );
  const query = QUERIES[path.replace(/^.*\/:id\//, '')]?.(runId) ?? '';
  return send(name, method, `${place}${query}`, method === 'POST' ? (BODIES[path] ?? []) : undefined);
}

const isRefused = ({ status, body }: Answer): boolean => status === 403 && body.code !== 'approval-own-run';
const isNotThere = ({ status, body }: Answer): boolean =>
  status === 404 && ['run-not-found', 'approval-not-found'].includes(body.code);

const rows = ACCESS_TABLE.filter(({ path }) => path !== '/v1/auth/keys/:name/rotate');

describe.each(Role.options)('a key with the role %s', (role) => {
  const own = () => runs.get(`own-${role}`) ?? '';
  const ofAnother = () => runs.get('somebody') ?? '';

  // First: the routes below make more runs.
  test('for its own runs: lists hold those and no other, and a beginning of an id finds those alone', async () => {
    const listed = await send(`own-${role}`, 'GET', '/v1/runs');
    expect(listed.body.runs.map(({ runId }: { runId: string }) => runId)).toEqual([own()]);
    const approvals = await send(`own-${role}`, 'GET', '/v1/approvals');
    expect(approvals.body.approvals.map(({ runId }: { runId: string }) => runId)).toEqual([own()]);
    expect(isNotThere(await send(`own-${role}`, 'GET', `/v1/approvals?run=${ofAnother()}`))).toBe(true);
    const used = await send(`own-${role}`, 'GET', '/v1/usage');
    expect(used.body.total).toMatchObject({ runs: 1 });
    const { events } = (await send(`own-${role}`, 'GET', '/v1/events')).body;
    expect(new Set(events.map(({ runId }: { runId: string }) => runId))).toEqual(new Set([own()]));
    expect(isNotThere(await send(`own-${role}`, 'GET', `/v1/events?run=${ofAnother()}`))).toBe(true);
    expect(isNotThere(await send(`own-${role}`, 'GET', `/v1/decisions?run=${ofAnother()}`))).toBe(true);
    expect(isNotThere(await send(`own-${role}`, 'GET', `/v1/runs/${ofAnother().slice(0, 13)}`))).toBe(true);
    expect((await send(`own-${role}`, 'GET', `/v1/runs/${own().slice(0, 13)}`)).body).toMatchObject({ runId: own() });
  });

  test.each(rows)('for all runs: $method $path', async (row) => {
    for (const runId of [own(), ofAnother()]) {
      const answer = await take(`the-${role}`, row, runId);
      if (row.roles.has(role))
        expect([isRefused(answer), isNotThere(answer), answer.status < 500]).toEqual([false, false, true]);
      else expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden', next: expect.any(String) } });
    }
  });

  test.each(rows)('for its own runs: $method $path', async (row) => {
    const onOwn = await take(`own-${role}`, row, own());
    const onAnother = await take(`own-${role}`, row, ofAnother());
    if (!row.roles.has(role)) {
      for (const answer of [onOwn, onAnother])
        expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    } else if (row.scoped === '-') {
      for (const answer of [onOwn, onAnother])
        expect(answer).toMatchObject({ status: 403, body: { code: 'out-of-scope' } });
    } else {
      expect([isRefused(onOwn), isNotThere(onOwn), onOwn.status < 500]).toEqual([false, false, true]);
      if (/:id/.test(row.path) && row.scoped === 'own') expect(isNotThere(onAnother)).toBe(true);
      else expect(isRefused(onAnother)).toBe(false);
    }
  });

  test('rotates its own key, and another’s as an admin alone', async () => {
    const path = (name: string) => `/v1/auth/keys/${name}/rotate`;
    const ofSomebody = await send(`the-${role}`, 'POST', path('nobody-has-this'), {});
    expect(ofSomebody.status).toBe(role === 'admin' ? 404 : 403);
    const rotated = await send(`the-${role}`, 'POST', path(`the-${role}`), {});
    expect(rotated).toMatchObject({ status: 201, body: { roles: [role] } });
    keys.set(`the-${role}`, rotated.body.key);
  });
});
