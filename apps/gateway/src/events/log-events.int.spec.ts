import { randomUUID } from 'node:crypto';
import { runStarted } from '@baton/read-model/testing';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { entered, frame } from '../testing/approval-events.js';
import { openSse, type Sse } from '../testing/sse.js';
import { startTestGateway, type TestGateway, TOKEN } from '../testing/test-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'));
});
afterAll(() => gateway?.stop());

const follow = (query = '', headers: Record<string, string> = {}): Promise<Sse> =>
  openSse(`${gateway.url}/v1/events${query}`, { authorization: `Bearer ${TOKEN}`, ...headers });

const typesOf = (events: readonly { readonly type: string }[]): readonly string[] => events.map(({ type }) => type);

async function aRun(): Promise<string> {
  const runId = randomUUID();
  await gateway.log.append(runId, runStarted(), frame(1), entered(1));
  return runId;
}

test('the log of all runs is read page by page, in its order', async () => {
  const [one, other] = [await aRun(), await aRun()];
  const first = await gateway.get('/v1/events?limit=4');
  expect(first.body.events).toHaveLength(4);
  expect(first.headers.get('link')).toBe(`</v1/events?limit=4&cursor=${first.body.next}>; rel="next"`);
  const rest = await gateway.get(`/v1/events?cursor=${first.body.next}`);
  const all = [...first.body.events, ...rest.body.events];
  expect(all.map(({ position }) => position)).toEqual(all.map(({ position }) => position).toSorted((a, b) => a - b));
  expect(new Set(all.map(({ runId }) => runId))).toEqual(new Set([one, other]));

  const ofOne = (await gateway.get(`/v1/events?run=${one}&type=RunStarted&type=StateEntered`)).body;
  expect(typesOf(ofOne.events)).toEqual(['RunStarted', 'StateEntered']);
  expect((await gateway.get('/v1/events?workflow=another')).body).toEqual({ events: [], next: null });
});

test('who follows it is told of every run, from now on, and by the filters alone', async () => {
  await aRun();
  const [all, some, none] = [
    await follow(),
    await follow('?type=RunStarted&workflow=two-steps'),
    await follow('?workflow=another'),
  ];
  const head = await all.take(1);
  const runId = await aRun();
  const events = await all.take(3);
  expect(events.map(({ data = '' }) => JSON.parse(data).runId)).toEqual([runId, runId, runId]);
  expect(Number(events[0]?.id)).toBeGreaterThan(Number(head[0]?.id));
  const [, started] = await some.take(2);
  expect(JSON.parse(started?.data ?? '')).toMatchObject({ runId, type: 'RunStarted' });

  // A connection that broke is taken up behind what came last.
  const again = await follow('', { 'last-event-id': events[0]?.id ?? '' });
  expect((await again.take(3)).map(({ id }) => id)).toEqual(events.map(({ id }) => id));
  for (const each of [all, some, none, again]) each.close();
});

test('a run is answered once it has ended, for a client that prefers to wait', async () => {
  const runId = await aRun();
  await expect.poll(async () => (await gateway.get(`/v1/runs/${runId}`)).status).toBe(200);
  const begunAt = performance.now();
  const asked = gateway.get(`/v1/runs/${runId}`, { prefer: 'wait=20' });
  setTimeout(() => void gateway.log.append(runId, { type: 'RunSucceeded', data: { output: {} } }), 500);
  const answer = await asked;
  expect(answer.body.status).toBe('succeeded');
  expect(answer.headers.get('preference-applied')).toBe('wait=20');
  expect(performance.now() - begunAt).toBeLessThan(15_000);
  const impatient = await gateway.get(`/v1/runs/${await aRun()}`, { prefer: 'wait=0' });
  expect(impatient.status === 200 || impatient.status === 404).toBe(true);
});
