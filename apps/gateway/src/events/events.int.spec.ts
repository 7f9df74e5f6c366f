import { randomUUID } from 'node:crypto';
import { EventList, EventView } from '@baton/contracts';
import { recordDeadLetter } from '@baton/event-store';
import { runStarted } from '@baton/read-model/testing';
import { cutAt, type RunEvent, toSnapshot, toStore } from '@baton/workflow';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { openSse, type Sse } from '../testing/sse.js';
import { startTestGateway, type TestGateway, TOKEN } from '../testing/test-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'));
});
afterAll(() => gateway?.stop());

const entered = (visit: number): RunEvent => ({ type: 'StateEntered', data: { visit, frame: 0, state: 'Plan' } });
const succeeded: RunEvent = { type: 'RunSucceeded', data: { output: { done: true } } };

const failed: RunEvent = { type: 'RunFailed', data: { error: 'E', cause: 'c' } };
const retried = (): RunEvent => {
  const cut = cutAt([runStarted()]);
  if (cut === null) throw new Error('no cut');
  return { type: 'RunRetried', data: { requestId: 'r', reason: '', version: 1, carry: toSnapshot(cut.state) } };
};

async function begin(...events: readonly RunEvent[]): Promise<string> {
  const runId = randomUUID();
  await gateway.log.append(runId, runStarted(), ...events);
  return runId;
}
const live = (runId: string, headers: Record<string, string> = {}, query = ''): Promise<Sse> =>
  openSse(`${gateway.url}/v1/runs/${runId}/events${query}`, { authorization: `Bearer ${TOKEN}`, ...headers });

describe('a page of events', () => {
  test('shows each event as it was recorded, with a sentence', async () => {
    const runId = await begin(entered(0));
    const { events, next } = EventList.parse((await gateway.get(`/v1/runs/${runId}/events`)).body);
    expect(next).toBeNull();
    expect(events).toMatchObject([
      { runId, version: 1, type: 'RunStarted', actor: { type: 'system', id: 'test' }, data: { labels: {} } },
      { runId, version: 2, type: 'StateEntered', data: { visit: 0, frame: 0, state: 'Plan' } },
    ]);
    for (const event of events) expect(event.summary).toMatch(/\w/);
  });

  test('shows the document that a run goes by, and the hash by which the log names it', async () => {
    const runId = await begin(failed, retried());
    const { events } = EventList.parse((await gateway.get(`/v1/runs/${runId}/events`)).body);
    const [first, , last] = events.map(({ data }) => data);
    const { sha256, text } = toStore(runStarted()).document ?? {};
    expect(JSON.stringify(first)).toMatch(new RegExp(`^\\{"documentSha256":"${sha256}"`));
    expect(first).toMatchObject({ document: JSON.parse(text ?? '') });
    expect(last).toMatchObject({ documentSha256: sha256, carry: { document: JSON.parse(text ?? '') } });
  });

  test('leads to the next one by its cursor', async () => {
    const runId = await begin(entered(0), entered(1), entered(2), succeeded);
    const versions: number[] = [];
    for (let path: string | null = `/v1/runs/${runId}/events?limit=2`; path !== null; ) {
      const { body, headers } = await gateway.get(path);
      const page: EventList = EventList.parse(body);
      versions.push(...page.events.map(({ version }) => version));
      expect(page.next).not.toBe(String(page.events.at(-1)?.version));
      path = /^<(.*)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1] ?? null;
      expect(path === null).toBe(page.next === null);
    }
    expect(versions).toEqual([1, 2, 3, 4, 5]);
  });

  test('of a run that has not begun is empty', async () => {
    const { runId } = (await gateway.post('/v1/runs', { workflow: 'two-steps', input: { requirements: 'x' } })).body;
    expect((await gateway.get(`/v1/runs/${runId}/events`)).body).toEqual({ events: [], next: null });
  });

  test('is refused with a wrong parameter, and for no run', async () => {
    const runId = await begin();
    for (const query of ['after=x', 'after=-1', 'limit=0', 'limit=5000', 'afer=1']) {
      expect(await gateway.get(`/v1/runs/${runId}/events?${query}`)).toMatchObject({
        status: 400,
        body: { code: 'invalid-parameter' },
      });
    }
    expect(await gateway.get(`/v1/runs/${randomUUID()}/events`)).toMatchObject({ status: 404 });
  });
});

describe('a live stream', () => {
  test('brings what was and what comes, then the end, and closes', async () => {
    const runId = await begin(entered(0));
    const stream = await live(runId);
    expect(stream.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect((await stream.take(2)).map(({ id }) => id)).toEqual(['1', '2']);
    await gateway.log.append(runId, entered(1));
    const [third] = await stream.take(1);
    expect(third?.id).toBe('3');
    expect(EventView.parse(JSON.parse(third?.data ?? ''))).toMatchObject({ runId, version: 3, data: { visit: 1 } });
    await gateway.log.append(runId, succeeded);
    expect(await stream.rest()).toMatchObject([{ id: '4' }, { event: 'end', data: '{"status":"succeeded"}' }]);
  });

  test('brings an event within a moment of its commit', { retry: 2 }, async () => {
    const runId = await begin();
    const stream = await live(runId);
    await stream.take(1);
    const before = performance.now();
    await gateway.log.append(runId, entered(0));
    await stream.take(1);
    expect(performance.now() - before).toBeLessThan(1_000);
    stream.close();
  });

  test('goes on behind Last-Event-ID', async () => {
    const runId = await begin(entered(0), entered(1), succeeded);
    const stream = await live(runId, { 'last-event-id': '2' });
    expect((await stream.rest()).map(({ id, event }) => id ?? event)).toEqual(['3', '4', 'end']);
  });

  test.each([1, 198, 199, 200])('goes past a failure that was retried (%i events before it)', async (count) => {
    const before = Array.from({ length: count }, (_, visit) => entered(visit));
    const runId = await begin(...before, failed);
    expect((await (await live(runId)).rest()).at(-1)).toMatchObject({ data: '{"status":"failed"}' });
    await gateway.log.append(runId, retried(), entered(count));
    const stream = await live(runId);
    await stream.take(count + 4);
    await gateway.log.append(runId, succeeded);
    expect(await stream.rest()).toMatchObject([{ id: String(count + 5) }, { event: 'end' }]);
  });

  test('begins behind ?after', async () => {
    const runId = await begin(entered(0), succeeded);
    expect((await (await live(runId, {}, '?after=2')).rest()).map(({ id, event }) => id ?? event)).toEqual([
      '3',
      'end',
    ]);
  });

  test.each(['4', '9'])('ends at once when the client knows the end (Last-Event-ID %s)', async (id) => {
    const runId = await begin(entered(0), entered(1), succeeded);
    expect(await (await live(runId, { 'last-event-id': id })).rest()).toMatchObject([
      { event: 'end', data: '{"status":"succeeded"}' },
    ]);
  });

  test('of a run that has not begun waits for it', async () => {
    const { runId, requestId } = (
      await gateway.post('/v1/runs', { workflow: 'two-steps', input: { requirements: 'x' } })
    ).body;
    const stream = await live(runId);
    await gateway.log.answer(runId, requestId, runStarted(), succeeded);
    expect((await stream.rest()).map(({ id, event }) => id ?? event)).toEqual(['1', '2', 'end']);
  });

  test('of a run whose submission was put aside says so', async () => {
    const { runId, requestId } = (
      await gateway.post('/v1/runs', { workflow: 'two-steps', input: { requirements: 'x' } })
    ).body;
    const stream = await live(runId);
    await recordDeadLetter(gateway.hub, { source: 'inbox', name: 'submit', reason: 'no', message: '{}', requestId });
    expect(await stream.rest()).toMatchObject([{ event: 'end', data: '{"status":"rejected"}' }]);
  });

  test('many at once each bring their own run, whole and in order', async () => {
    const runIds = await Promise.all(Array.from({ length: 10 }, () => begin()));
    const streams = await Promise.all(runIds.map((runId) => live(runId)));
    for (let visit = 0; visit < 5; visit += 1)
      for (const runId of runIds) await gateway.log.append(runId, entered(visit));
    for (const runId of runIds) await gateway.log.append(runId, succeeded);
    for (const [n, stream] of streams.entries()) {
      const events = await stream.rest();
      expect(events.map(({ id, event }) => id ?? event)).toEqual(['1', '2', '3', '4', '5', '6', '7', 'end']);
      expect(JSON.parse(events[0]?.data ?? '')).toMatchObject({ runId: runIds[n] });
    }
  });

  test('is refused for no run, for a wrong id and without the token, as a problem', async () => {
    expect(await gateway.get(`/v1/runs/${randomUUID()}/events`, { accept: 'text/event-stream' })).toMatchObject({
      status: 404,
      body: { code: 'run-not-found' },
    });
    const runId = await begin();
    const headers = { accept: 'text/event-stream', 'last-event-id': 'x' };
    expect(await gateway.get(`/v1/runs/${runId}/events`, headers)).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: 'Last-Event-ID' }] },
    });
    expect(await gateway.bare(`/v1/runs/${runId}/events`, { headers: { accept: 'text/event-stream' } })).toMatchObject({
      status: 401,
    });
  });
});

test('a stream that broke off with the database goes on behind the last event the client saw', async () => {
  const runId = await begin(entered(0));
  const stream = await live(runId);
  await stream.take(2);
  await gateway.link.cut();
  await gateway.log.append(runId, entered(1));
  await gateway.link.mend();
  const rest = await Promise.race([stream.take(1), new Promise<[]>((resolve) => setTimeout(resolve, 5_000, []))]);
  // Either the stream held, or it ended and the client comes back: no event is missed in both.
  const again = rest.length > 0 ? stream : await live(runId, { 'last-event-id': '2' });
  await gateway.log.append(runId, succeeded);
  const ids = [...rest, ...(await again.rest())].map(({ id, event }) => id ?? event);
  expect(ids).toEqual(['3', '4', 'end']);
});

test('a gateway that stops ends its live streams and stops', { retry: 2 }, async () => {
  const other = await startTestGateway(inject('postgresUrl'));
  const runId = randomUUID();
  await other.log.append(runId, runStarted());
  const stream = await openSse(`${other.url}/v1/runs/${runId}/events`, { authorization: `Bearer ${TOKEN}` });
  await stream.take(1);
  const before = performance.now();
  await other.stop();
  expect(performance.now() - before).toBeLessThan(5_000);
  expect(await stream.rest()).toEqual([]);
});
