import { randomUUID } from 'node:crypto';
import { WorkerAnnouncement } from '@baton/contracts';
import { announceWorker, createPool, recordDeadLetter } from '@baton/event-store';
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest';
import { openSse } from '../testing/sse.js';
import { startTestGateway, type TestGateway, TOKEN } from '../testing/test-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'));
});
afterAll(() => gateway?.stop());

/** What is told of operations on a stream, gathered. */
async function follow(token: string, query = '?also=operations') {
  const stream = await openSse(`${gateway.url}/v1/events${query}`, { authorization: `Bearer ${token}` });
  onTestFinished(() => stream.close());
  const told = new Set<string>();
  const ids: (string | undefined)[] = [];
  void (async () => {
    for (;;) {
      const [event] = await stream.take(1);
      if (event === undefined) return;
      if (event.event !== 'operations') continue;
      ids.push(event.id);
      for (const part of JSON.parse(event.data ?? '{}').changed) told.add(part);
    }
  })().catch(() => {});
  return { told, ids };
}
const patient = { timeout: 10_000, interval: 100 };

test('whoever asks for it is told what has changed that is no event, and whoever may not look at it is not', async () => {
  const { body } = await gateway.post('/v1/auth/keys', { name: 'looker', roles: ['viewer'] });
  const [admin, viewer, silent] = [await follow(TOKEN), await follow(body.key), await follow(TOKEN, '')];
  // What there was when the gateway looked for the first time is no change: one after the other, until one was none of that.
  const oneMore = async () => {
    await recordDeadLetter(gateway.hub, { source: 'intake', name: 'submit', reason: 'r', message: '{}' });
    return [...admin.told];
  };
  await expect.poll(oneMore, { timeout: 10_000, interval: 500 }).toEqual(['dead-letters']);

  await gateway.post('/v1/runs', { workflow: 'two-steps', input: { requirements: 'x' } });
  await gateway.post('/v1/auth/keys', { name: 'another', roles: ['viewer'] });
  await expect.poll(() => admin.told, patient).toEqual(new Set(['dead-letters', 'queues', 'keys']));

  const worker = createPool(gateway.databaseUrl, { role: 'worker', applicationName: 'operations-test', max: 1 });
  onTestFinished(() => worker.end());
  const announcement = { v: 1, workerId: randomUUID(), kind: 'planner', host: 'ada', pid: 7, concurrency: 2 };
  await announceWorker(worker, WorkerAnnouncement.parse(announcement));
  await expect.poll(() => [...viewer.told], patient).toEqual(['workers']);
  expect(admin.told).toContain('workers');
  expect([...silent.told]).toEqual([]);
  // No place in the log: who comes back goes on where it was.
  expect(new Set(admin.ids)).toEqual(new Set([undefined]));
}, 30_000);

test('nothing is told where nothing has changed', async () => {
  const { told } = await follow(TOKEN);
  await new Promise((resolve) => setTimeout(resolve, 4_000));
  expect([...told].filter((part) => part !== 'workers')).toEqual([]);
}, 10_000);

test('anything else beside the log is refused', async () => {
  expect(await gateway.get('/v1/events?also=everything')).toMatchObject({
    status: 400,
    body: { code: 'invalid-parameter', errors: [{ pointer: 'also' }] },
  });
});
