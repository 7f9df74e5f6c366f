import { randomUUID } from 'node:crypto';
import { runStarted } from '@baton/read-model/testing';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
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

test('an event that was written before a page is asked for is on it', async () => {
  for (let n = 0; n < 5; n += 1) {
    const runId = await aRun();
    const { events } = (await gateway.get('/v1/events?limit=1000')).body;
    expect(events.at(-1).runId).toBe(runId);
  }
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

describe('a key that is for certain runs', () => {
  const keyFor = async (scope: object): Promise<string> => {
    const name = `key-${randomUUID()}`;
    const { body } = await gateway.post('/v1/auth/keys', { name, roles: ['viewer'], scope });
    return `Bearer ${body.key}`;
  };
  const runOf = async (given: Parameters<typeof runStarted>[0]): Promise<string> => {
    const runId = randomUUID();
    await gateway.log.append(runId, runStarted(given), frame(1));
    return runId;
  };
  const idsIn = (events: readonly { readonly runId: string }[]) => new Set(events.map(({ runId }) => runId));

  test.each([
    ['a label', { labels: { team: 'red' } }, { labels: { team: 'red', tier: '1' } }, { labels: { team: 'blue' } }],
    [
      'a submitter and a label',
      { labels: { team: 'red' }, own: true },
      null,
      { labels: { team: 'red' }, submittedBy: { type: 'user', id: 'ada' } },
    ],
    ['a workflow', { workflows: ['two-steps'] }, {}, null],
    ['another workflow', { workflows: ['another'] }, null, {}],
  ] as const)(
    'is told of the events of those, in pages and live, and of nothing else: by %s',
    async (_, scope, inside, outside) => {
      const authorization = await keyFor(scope);
      const before = inside === null ? null : await runOf(inside);
      const other = outside === null ? null : await runOf(outside);
      const { events } = (await gateway.get('/v1/events?limit=1000', { authorization })).body;
      expect(before === null || idsIn(events).has(before)).toBe(true);
      expect(other !== null && idsIn(events).has(other)).toBe(false);
      if (before === null) expect(events).toEqual([]);

      const live = await openSse(`${gateway.url}/v1/events`, { authorization });
      await live.take(1);
      if (outside !== null) await runOf(outside);
      const [now] = [inside === null ? null : await runOf(inside)];
      if (outside !== null) await runOf(outside);
      if (now !== null) {
        const told = (await live.take(2)).map(({ data = '' }) => JSON.parse(data));
        expect(idsIn(told)).toEqual(new Set([now]));
      }
      live.close();
    },
  );

  test('has no run beside those to ask for, and no filter that leads out of them', async () => {
    const authorization = await keyFor({ labels: { team: 'green' } });
    const other = await runOf({ labels: { team: 'blue' } });
    expect((await gateway.get(`/v1/events?run=${other}`, { authorization })).status).toBe(404);
    expect((await gateway.get('/v1/events?label=team%3Dblue', { authorization })).body.events).toEqual([]);
    const again = await openSse(`${gateway.url}/v1/events?after=0`, { authorization });
    const own = await runOf({ labels: { team: 'green' } });
    const told = (await again.take(3)).flatMap(({ data }) => (data === undefined ? [] : [JSON.parse(data)]));
    expect(idsIn(told)).toEqual(new Set([own]));
    again.close();
  });
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
