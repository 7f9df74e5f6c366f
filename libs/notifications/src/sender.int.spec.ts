import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { post } from './http/post.js';
import { leaseDue } from './store/leases.js';
import { idOf } from './testing/receiver.js';
import { approvalAsked, succeeded } from './testing/test-log.js';
import { PUBLIC_URL, SECRET, until, WebhookBench } from './testing/webhook-bench.js';

let bench: WebhookBench;
beforeEach(async () => {
  bench = await WebhookBench.open(inject('postgresUrl'));
});
afterEach(() => bench.close());

describe('a notification', () => {
  test('carries a signature that the library verifies, and nothing of the task', async () => {
    const { receiver, webhook } = await bench.endpoint();
    bench.startSender();
    const runId = await bench.log.start();
    await bench.log.append(runId, approvalAsked(runId, { title: 'Ship\u0000 it?', body: 'of the task' }));
    await bench.log.append(runId, succeeded);
    const deliveries = await bench.settled(webhook, 2);
    const path = `${PUBLIC_URL}/v1/runs/${runId}`;
    const links = { run: path, events: `${path}/events` };
    const run = { runId, workflow: 'greet', workflowVersion: '1.2.3' };
    expect(receiver.verified(SECRET).toSorted((a, b) => a.type.localeCompare(b.type))).toEqual([
      {
        type: 'approval.requested',
        timestamp: expect.any(String),
        data: {
          ...run,
          approvalId: `${runId}-1`,
          title: 'Ship\u0000 it?',
          dueAt: '2030-01-01T00:00:00.000Z',
          sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
          links: { ...links, approval: `${PUBLIC_URL}/v1/approvals/${runId}-1` },
        },
      },
      {
        type: 'run.finished',
        timestamp: expect.any(String),
        data: { ...run, status: 'succeeded', error: null, links: { ...links, result: `${path}/result` } },
      },
    ]);
    expect(receiver.received.map(({ body }) => body).join()).not.toContain('of the task');
    expect(receiver.received[0]?.headers).toMatchObject({ 'content-type': 'application/json' });
    expect(deliveries).toMatchObject([
      { status: 'delivered', nextAttemptAt: null, attempts: [{ number: 1, status: 204, error: null }] },
      { status: 'delivered', nextAttemptAt: null, attempts: [{ number: 1, status: 204, error: null }] },
    ]);
  });

  test('goes to those who asked for its type, and says nothing of what was before them', async () => {
    await bench.finishRuns(2);
    const early = await bench.endpoint();
    const other = await bench.webhook(early.receiver.url, ['budget.warning']);
    const [runId] = await bench.finishRuns(1);
    const late = await bench.endpoint();
    bench.startSender();
    expect(await bench.settled(early.webhook)).toMatchObject([{ runId }]);
    expect(await bench.deliveries(other)).toEqual([]);
    expect(await bench.deliveries(late.webhook)).toEqual([]);
  });

  test('tells of runs that failed and were cancelled, and of budgets', async () => {
    const receiver = await bench.receiver();
    const events = ['run.finished', 'budget.warning', 'budget.exhausted'] as const;
    const webhook = await bench.webhook(receiver.url, [...events]);
    bench.startSender();
    const runId = await bench.log.start();
    await bench.log.append(
      runId,
      { type: 'BudgetWarned', data: { kind: 'usd', used: 4, limit: 5 } },
      { type: 'BudgetExhausted', data: { kind: 'usd', used: 5.2, limit: 5 } },
      { type: 'RunFailed', data: { error: 'Baton.NotConverged', cause: 'what a worker said' } },
    );
    const cancelled = await bench.log.start();
    await bench.log.append(cancelled, { type: 'RunCancelled', data: { reason: 'r', requestId: 'q' } });
    await bench.settled(webhook, 4);
    const told = receiver.verified(SECRET).map(({ type, data }) => ({ type, ...data }));
    expect(told).toHaveLength(4);
    expect(told).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ type: 'budget.warning', kind: 'usd', used: 4, limit: 5 }),
        expect.objectContaining({ type: 'budget.exhausted', kind: 'usd', used: 5.2, limit: 5 }),
        expect.objectContaining({ type: 'run.finished', status: 'failed', error: 'Baton.NotConverged' }),
        expect.objectContaining({ type: 'run.finished', status: 'cancelled', runId: cancelled }),
      ]),
    );
    expect(JSON.stringify(told)).not.toContain('what a worker said');
  });
});

describe('nothing is lost and nothing comes twice for no reason', () => {
  test('what happened while no sender ran is told when one starts', async () => {
    const { receiver, webhook } = await bench.endpoint();
    await bench.finishRuns(5);
    bench.startSender();
    await bench.settled(webhook, 5);
    expect(receiver.verified(SECRET)).toHaveLength(5);
  });

  test('a sender that died between delivery row and request loses nothing', async () => {
    const { receiver, webhook } = await bench.endpoint();
    await bench.finishRuns(3);
    await bench.followAll();
    expect(await bench.deliveries(webhook)).toHaveLength(3);
    expect(receiver.received).toEqual([]);
    bench.startSender();
    await bench.settled(webhook, 3);
    expect(new Set(receiver.received.map(idOf)).size).toBe(3);
    expect(receiver.received).toHaveLength(3);
  });

  test('a sender that died between request and record sends again under the same webhook-id, once its lease is over', async () => {
    const { receiver, webhook } = await bench.endpoint();
    await bench.finishRuns(1);
    await bench.followAll();
    const [leased] = await leaseDue(bench.hub, { most: 1, mostPerWebhook: 1, leaseMs: 300 });
    if (leased === undefined) throw new Error('nothing is due');
    const headers = { 'webhook-id': leased.deliveryId, 'webhook-timestamp': '0', 'webhook-signature': 'v1,x' };
    await post({ url: leased.url, headers, body: leased.body }, bench.ports, new AbortController().signal);
    bench.startSender();
    await sleep(100);
    expect(receiver.received).toHaveLength(1);
    const [delivery] = await bench.settled(webhook);
    expect(receiver.received.map(idOf)).toEqual([delivery?.deliveryId, delivery?.deliveryId]);
    expect(receiver.received[1]?.body).toBe(receiver.received[0]?.body);
    expect(delivery).toMatchObject({ status: 'delivered', attempts: [{ number: 1, status: 204 }] });
  });

  test('two senders at once send each notification once', async () => {
    const { receiver, webhook } = await bench.endpoint((response) =>
      setTimeout(() => response.writeHead(200).end(), 5),
    );
    bench.startSender();
    bench.startSender();
    await bench.finishRuns(40);
    await bench.settled(webhook, 40);
    expect(receiver.received).toHaveLength(40);
    expect(new Set(receiver.received.map(idOf)).size).toBe(40);
  });

  test('senders whose connections are killed all the time still tell everything', async () => {
    const { receiver, webhook } = await bench.endpoint();
    bench.startSender({ leaseMs: 200 });
    bench.startSender({ leaseMs: 200 });
    const killing = (async () => {
      for (let round = 0; round < 15; round += 1) {
        await bench.killConnections();
        await sleep(20);
      }
    })();
    const runIds = await bench.finishRuns(30);
    await killing;
    const deliveries = await bench.settled(webhook, 30);
    expect(deliveries.map(({ runId }) => runId).toSorted()).toEqual([...runIds].toSorted());
    expect(new Set(receiver.received.map(idOf)).size).toBe(30);
  });

  test('a sender that stops gives back what is not answered, for another to send at once', async () => {
    let isSlow = true;
    const { webhook } = await bench.endpoint((response) => {
      if (!isSlow) response.writeHead(204).end();
    });
    const first = bench.startSender({ timeoutMs: 60_000, leaseMs: 120_000 });
    await bench.finishRuns(1);
    await until('the request', async () => (await bench.leased()) === 1);
    await first.stop();
    expect(await bench.leased()).toBe(0);
    isSlow = false;
    bench.startSender();
    expect(await bench.settled(webhook)).toMatchObject([{ status: 'delivered', attempts: [{ number: 1 }] }]);
  });

  test('an event that cannot be read holds the log up, loudly, and what is due is still sent', async () => {
    const { receiver, webhook } = await bench.endpoint();
    const [runId = ''] = await bench.finishRuns(1);
    await bench.followAll();
    await bench.log.append(runId, { type: 'RunFailed', data: { odd: true } });
    bench.startSender();
    await bench.settled(webhook);
    await until('the complaint', () => bench.said.includes('webhooks learn nothing new: an event cannot be read'));
    expect(receiver.received).toHaveLength(1);
  });
});

test('nothing is written while nobody listens, and who comes then is told what comes then', async () => {
  const cursor = async () => (await bench.hub.query('select position from baton.webhook_cursor')).rows;
  const before = await cursor();
  const sender = bench.startSender();
  await bench.finishRuns(3);
  await sleep(100);
  expect(await cursor()).toEqual(before);
  const { webhook } = await bench.endpoint();
  const [runId] = await bench.finishRuns(1);
  expect(await bench.settled(webhook)).toMatchObject([{ runId }]);
  await sender.stop();
});

test('deliveries that were settled a month ago are forgotten, with their attempts', async () => {
  const { webhook } = await bench.endpoint();
  const first = bench.startSender();
  await bench.finishRuns(3);
  await bench.settled(webhook, 3);
  await first.stop();
  const [, kept, old] = await bench.deliveries(webhook);
  const age = `update baton.webhook_delivery set settled_at = now() - $2 * interval '1 day' where delivery_id = $1`;
  await bench.hub.query(age, [kept?.deliveryId, 29]);
  await bench.hub.query(age, [old?.deliveryId, 31]);
  bench.startSender();
  await until('the old one to go', async () => (await bench.deliveries(webhook)).length === 2);
  expect((await bench.deliveries(webhook)).map(({ deliveryId }) => deliveryId)).toContain(kept?.deliveryId);
  expect((await bench.hub.query('select from baton.webhook_attempt')).rows).toHaveLength(2);
});
