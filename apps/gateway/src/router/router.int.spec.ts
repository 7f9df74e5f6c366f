import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { placed, runIdOfRequest, shardOf } from '@baton/contracts';
import { runStarted } from '@baton/read-model/testing';
import { createLogger, freePort, type RunningService } from '@baton/service-kit';
import { afterAll, beforeAll, expect, inject, onTestFinished, test, vi } from 'vitest';
import { openLink } from '../testing/cuttable-link.js';
import { runningHealth, startTestGateway, type TestGateway, TOKEN } from '../testing/test-gateway.js';
import { serveRouter } from './router.js';

const log = createLogger({ name: 'router-test', level: 'silent' });

let shards: readonly TestGateway[];
let url: string;
let router: RunningService;
beforeAll(async () => {
  shards = await Promise.all(
    [0, 1].map((number) => startTestGateway(inject('postgresUrl'), { shard: { number, of: 2 } })),
  );
  ({ router, url } = await startRouter(shards.map((shard) => shard.url)));
});
afterAll(async () => {
  await router?.stop();
  await Promise.all((shards ?? []).map((shard) => shard.stop()));
});

async function startRouter(urls: readonly string[]) {
  const port = await freePort();
  const env = { BATON_SHARD_URLS: [...urls], BATON_HOST: '127.0.0.1', BATON_PORT: port };
  return { router: await serveRouter(env, { log, health: runningHealth() }), url: `http://127.0.0.1:${port}` };
}

const authorization = `Bearer ${TOKEN}`;
async function ask(path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}) {
  const answer = await fetch(`${url}${path}`, {
    headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text === '' ? null : JSON.parse(text) };
}

const WAIT = { timeout: 20_000, interval: 50 };
const SUBMISSION = { workflow: 'two-steps', input: { requirements: 'count words' } };
const waitingIn = async (shard: TestGateway | undefined): Promise<readonly string[]> =>
  (await shard?.hub.query('select begins from baton.inbox'))?.rows.map(({ begins }) => begins) ?? [];

test('a submission is accepted in the shard of its request id, each time it is sent, and found there by its run', async () => {
  for (let n = 0; n < 6; n += 1) {
    const requestId = `order ${n} ${randomUUID()}`;
    const { status, body } = await ask('/v1/runs', SUBMISSION, { 'idempotency-key': requestId });
    expect(status).toBe(202);
    expect(body.runId).toBe(runIdOfRequest(requestId, 2));
    const again = await ask('/v1/runs', { ...SUBMISSION, requestId });
    expect(again).toMatchObject({ status: 202, body: { runId: body.runId } });
    const where = shardOf(body.runId, 2) ?? -1;
    expect(await waitingIn(shards[where])).toContain(body.runId);
    expect(await waitingIn(shards[1 - where])).not.toContain(body.runId);
    expect(await ask(`/v1/runs/${body.runId}`)).toMatchObject({ status: 200, body: { runId: body.runId } });
  }
});

test('a submission without a request id gets one, and its answer says which', async () => {
  const { status, body } = await ask('/v1/runs', SUBMISSION);
  expect(status).toBe(202);
  expect(body.runId).toBe(runIdOfRequest(body.requestId, 2));
});

test('a gateway takes no run of another shard, and none whose id says no place', async () => {
  const other = placed(randomUUID(), 4_095);
  const refused = await shards[0]?.post('/v1/runs', { ...SUBMISSION, runId: other });
  expect(refused).toMatchObject({ status: 421, body: { code: 'wrong-shard' } });
  expect(await ask('/v1/runs', { ...SUBMISSION, runId: other })).toMatchObject({ status: 202, body: { runId: other } });
  const nowhere = await ask('/v1/runs', { ...SUBMISSION, runId: randomUUID() });
  expect(nowhere).toMatchObject({ status: 421, body: { code: 'wrong-shard' } });
});

test('a goal is accepted in the shard of its request id, as a run is', async () => {
  const goal = {
    ...{ name: 'goal', version: '9.9.9', title: 'A goal' },
    definition: { StartAt: 'A', QueryLanguage: 'JSONata', States: { A: { Type: 'Succeed' } } },
  };
  for (const shard of shards) expect((await shard.post('/v1/workflows', goal)).status).toBe(201);
  for (let n = 0; n < 3; n += 1) {
    const requestId = `goal ${n} ${randomUUID()}`;
    const { status, body } = await ask('/v1/goals', { goal: 'Count words' }, { 'idempotency-key': requestId });
    expect(status).toBe(202);
    expect(body.runId).toBe(runIdOfRequest(requestId, 2));
    expect(await waitingIn(shards[shardOf(body.runId, 2) ?? -1])).toContain(body.runId);
  }
});

test('a target that cannot be read is refused', async () => {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write('GET //[ HTTP/1.1\r\nHost: router\r\nBaton-Shard: 0\r\nConnection: close\r\n\r\n');
  const answer = await text(socket);
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).toContain('"code":"invalid-target"');
});

async function pagesOf(path: string, list: 'runs' | 'events'): Promise<readonly { readonly runId: string }[]> {
  const seen: { readonly runId: string }[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { status, body, headers } = await ask(`${path}${cursor}`);
    expect(status).toBe(200);
    expect(body[list].length).toBeLessThanOrEqual(3);
    expect(headers.has('link')).toBe(body.next !== null);
    seen.push(...body[list]);
    cursor = body.next === null ? null : `&cursor=${body.next}`;
  }
  return seen;
}

test('the runs and the events of all shards are listed page by page, each once', async () => {
  const label = randomUUID();
  const begun: string[] = [];
  for (let n = 0; n < 4; n += 1) {
    for (const [number, shard] of shards.entries()) {
      // The second has fewer: it comes to its end before the first does.
      if (number === 1 && n > 1) continue;
      const runId = placed(randomUUID(), number * 2_048 + n);
      await shard.log.append(runId, runStarted({ labels: { label } }), { type: 'RunSucceeded', data: { output: n } });
      begun.push(runId);
    }
  }
  await vi.waitFor(async () => expect((await ask(`/v1/runs?label=label=${label}`)).body.runs).toHaveLength(6), WAIT);
  const listed = await pagesOf(`/v1/runs?limit=3&label=label=${label}`, 'runs');
  expect(listed.map(({ runId }) => runId).toSorted()).toEqual(begun.toSorted());
  const told = await pagesOf(`/v1/events?limit=3&label=label=${label}`, 'events');
  expect(told.map(({ runId }) => runId).toSorted()).toEqual([...begun, ...begun].toSorted());
});

test('all logs are verified together, and a run in its own', async () => {
  // Its views are a moment behind.
  await vi.waitFor(
    async () => expect(await ask('/v1/audit/verify')).toMatchObject({ body: { verified: true, problem: null } }),
    WAIT,
  );
  const runId = placed(randomUUID(), 4_000);
  await shards[1]?.log.append(runId, runStarted());
  expect(await ask(`/v1/audit/verify?run=${runId}`)).toMatchObject({ body: { verified: true, events: 1 } });
});

test('a run is found by the beginning of its id in whichever shard it is', async () => {
  const [first, second] = [0, 4_095].map((slot) => placed(randomUUID(), slot));
  for (const [shard, runId = ''] of [first, second].entries()) await shards[shard]?.log.append(runId, runStarted());
  for (const runId of [first, second]) {
    const prefix = runId?.slice(0, 13);
    await vi.waitFor(async () => expect(await ask(`/v1/runs/${prefix}`)).toMatchObject({ body: { runId } }), WAIT);
    expect((await ask(`/v1/runs/${prefix}/events`)).body.events).toHaveLength(1);
    expect(await ask(`/v1/runs/${prefix}/cancel`, {})).toMatchObject({ status: 202 });
  }
  const both = placed(randomUUID(), 1);
  const alike = placed(both, 4_000);
  await shards[0]?.log.append(both, runStarted());
  await shards[1]?.log.append(alike, runStarted());
  await vi.waitFor(
    async () =>
      expect(await ask(`/v1/runs/${both.slice(0, 13)}`)).toMatchObject({ body: { code: 'run-id-ambiguous' } }),
    WAIT,
  );
  expect(await ask('/v1/runs/ffffffff-ffff')).toMatchObject({ status: 404, body: { code: 'not-found' } });
});

test('what is of one log is asked of one log', async () => {
  const lineage = { name: 'main', workspace: { tree: '0'.repeat(64) } };
  expect(await ask('/v1/lineages', lineage)).toMatchObject({ status: 421, body: { code: 'needs-one-log' } });
  const named = await ask('/v1/lineages', lineage, { 'baton-shard': '1' });
  expect(named).toMatchObject({ status: 409, body: { code: 'lineage-needs-one-log' } });
  expect(await ask('/v1/workflows', undefined, { 'baton-shard': '0' })).toMatchObject({ status: 200 });
  expect(await ask('/v1/workflows', undefined, { 'baton-shard': '2' })).toMatchObject({ status: 400 });
});

test('a run that somebody starts by hand is in the log of its schedule', async () => {
  const schedule = { name: 'nightly', timing: { type: 'cron', expression: '@daily' }, run: SUBMISSION };
  expect(await ask('/v1/schedules', schedule, { 'baton-shard': '1' })).toMatchObject({ status: 201 });
  for (let n = 0; n < 6; n += 1) {
    const key = { 'idempotency-key': `by hand ${n}` };
    const { status, body } = (await shards[1]?.post('/v1/schedules/nightly/trigger', undefined, key)) ?? {};
    expect([status, shardOf(body.runId, 2)]).toEqual([202, 1]);
    expect(await waitingIn(shards[1])).toContain(body.runId);
  }
});

test('who has no key is refused by the shards, and what a shard refuses is passed on', async () => {
  expect((await fetch(`${url}/v1/runs`)).status).toBe(401);
  expect((await fetch(`${url}/v1/runs/${placed(randomUUID(), 0)}`)).status).toBe(401);
  expect(await ask('/v1/runs?limit=0')).toMatchObject({ status: 400, body: { code: 'invalid-parameter' } });
  expect(await ask('/v1/events?after=3')).toMatchObject({ status: 400, body: { code: 'invalid-parameter' } });
  expect(await ask('/v1/events?cursor=xyz')).toMatchObject({ status: 400, body: { code: 'invalid-parameter' } });
});

test('gateways in another order, one twice, or one of an only log are refused at the start', async () => {
  const [first = '', second = ''] = shards.map((shard) => shard.url);
  await expect(startRouter([second, first])).rejects.toMatchObject({ code: 'wrong-shards' });
  await expect(startRouter([first, first])).rejects.toMatchObject({ code: 'wrong-shards' });
  await expect(startRouter([first, second, second])).rejects.toMatchObject({ code: 'wrong-shards' });
  const only = await startTestGateway(inject('postgresUrl'));
  onTestFinished(() => only.stop());
  await expect(startRouter([first, only.url])).rejects.toMatchObject({
    code: 'wrong-shards',
    message: 'Of BATON_SHARD_URLS, number 1 is the only one there is, and not shard 1 of 2.',
  });
});

test('while a shard is away the runs of the others go on', async () => {
  const link = await openLink(shards[1]?.url ?? '');
  const way = await startRouter([shards[0]?.url ?? '', link.url.replace(/\/$/, '')]);
  onTestFinished(async () => {
    await way.router.stop();
    await link.cut();
  });
  const submitted = (slot: number) =>
    fetch(`${way.url}/v1/runs`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ ...SUBMISSION, runId: placed(randomUUID(), slot) }),
    });
  expect((await submitted(4_000)).status).toBe(202);
  await link.cut();
  const away = await submitted(4_000);
  expect([away.status, away.headers.get('retry-after')]).toEqual([503, '2']);
  expect(await away.json()).toMatchObject({ code: 'shard-unreachable' });
  expect((await submitted(7)).status).toBe(202);
  const lists = await fetch(`${way.url}/v1/runs`, { headers: { authorization } });
  expect(await lists.json()).toMatchObject({ code: 'shard-unreachable' });
  const ready = await fetch(`${way.url}/readyz`);
  expect([ready.status, await ready.json()]).toMatchObject([503, { code: 'not-ready' }]);
  await link.mend();
  expect((await submitted(4_000)).status).toBe(202);
});
