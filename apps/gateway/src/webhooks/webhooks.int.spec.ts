import { randomBytes, randomUUID } from 'node:crypto';
import { WebhookCreated, WebhookDeliveryList, WebhookEvent, WebhookList, WebhookTest } from '@baton/contracts';
import { NotificationSender } from '@baton/notifications';
import { openReceiver, type Receiver, type Reply, reply } from '@baton/notifications/testing';
import { resolveHost } from '@baton/outbound';
import { runStarted, until } from '@baton/read-model/testing';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Answer, startTestGateway, type TestGateway, TOKEN } from '../testing/test-gateway.js';

let gateway: TestGateway;
let strict: TestGateway;
const receivers: Receiver[] = [];
beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'), { allowPrivateWebhooks: true });
  strict = await startTestGateway(inject('postgresUrl'));
});
afterEach(async () => {
  await Promise.all(receivers.splice(0).map((receiver) => receiver.close()));
  for (const { webhookId } of await list()) await remove(webhookId);
});
afterAll(async () => {
  await gateway?.stop();
  await strict?.stop();
});

const secretOf = (bytes: number): string => `whsec_${randomBytes(bytes).toString('base64')}`;
async function receive(answer?: Reply): Promise<Receiver> {
  const receiver = await openReceiver(answer);
  receivers.push(receiver);
  return receiver;
}
const set = async (body: object): Promise<WebhookCreated> =>
  WebhookCreated.parse((await gateway.post('/v1/webhooks', body)).body);
const list = async () => WebhookList.parse((await gateway.get('/v1/webhooks')).body).webhooks;
const remove = (id: string): Promise<Answer> =>
  gateway.bare(`/v1/webhooks/${id}`, { method: 'DELETE', headers: { authorization: `Bearer ${TOKEN}` } });
const deliveriesOf = async (id: string, query = '') =>
  WebhookDeliveryList.parse((await gateway.get(`/v1/webhooks/${id}/deliveries${query}`)).body);

/** A sender as an orchestrator runs it. */
async function whileSending(work: () => Promise<void>): Promise<void> {
  const quiet = (): void => {};
  const sender = NotificationSender.start({
    pool: gateway.hub,
    log: { info: quiet, warn: quiet, error: quiet },
    publicUrl: 'https://baton.example',
    allowPrivate: true,
    resolve: resolveHost,
    nowMs: Date.now,
    monotonicMs: () => performance.now(),
    random: Math.random,
    pollMs: 10,
  });
  try {
    await work();
  } finally {
    await sender.stop();
  }
}

async function finishRun(): Promise<string> {
  const runId = randomUUID();
  await gateway.log.append(runId, runStarted(), { type: 'RunSucceeded', data: { output: {} } });
  return runId;
}

describe('POST /v1/webhooks', () => {
  test('sets a webhook for everything, and shows the secret this once', async () => {
    const answer = await gateway.post('/v1/webhooks', { url: 'http://127.0.0.1:9/hook' });
    expect(answer.status).toBe(201);
    const created = WebhookCreated.parse(answer.body);
    expect(answer.headers.get('location')).toBe(`/v1/webhooks/${created.webhookId}`);
    expect(created).toMatchObject({
      url: 'http://127.0.0.1:9/hook',
      events: WebhookEvent.options,
      workflows: null,
      labels: {},
      status: 'active',
      disabledReason: null,
      createdBy: { type: 'apikey', id: 'local-admin' },
      secret: expect.stringMatching(/^whsec_/),
    });
    const { secret: _, ...shown } = created;
    expect(await list()).toEqual([shown]);
    expect((await gateway.get(`/v1/webhooks/${created.webhookId.slice(0, 8)}`)).body).toEqual(shown);
  });

  test('takes a secret and a choice of events', async () => {
    const secret = secretOf(24);
    expect(await set({ url: 'http://127.0.0.1:9/', events: ['run.finished', 'run.finished'], secret })).toMatchObject({
      events: ['run.finished'],
      secret,
    });
  });

  test('takes the workflows and labels of the runs that it is told of', async () => {
    const runs = { workflows: ['report', 'two-steps'], labels: { team: 'red' } };
    const { webhookId } = await set({ url: 'http://127.0.0.1:9/', ...runs });
    expect((await gateway.get(`/v1/webhooks/${webhookId}`)).body).toMatchObject(runs);
  });

  test.each<[string, object, string, RegExp]>([
    ['no URL', { url: 'hooks.example' }, '/url', /not a URL/],
    ['plain http', { url: 'http://93.184.216.34/' }, '/url', /https/],
    ['a private address', { url: 'https://10.1.2.3/' }, '/url', /private address/],
    ['a name of this machine', { url: 'https://localhost/' }, '/url', /leads to .*loopback/],
    ['the metadata of a cloud', { url: 'https://169.254.169.254/' }, '/url', /link-local/],
    ['a mapped address', { url: 'https://[::ffff:192.168.0.1]/' }, '/url', /private address/],
    ['a password', { url: 'https://a:b@93.184.216.34/' }, '/url', /password/],
    ['a short secret', { url: 'https://93.184.216.34/', secret: secretOf(23) }, '/secret', /24 to 64 bytes/],
    ['a secret of another kind', { url: 'https://93.184.216.34/', secret: 'hunter2' }, '/secret', /whsec_/],
    ['an unknown event', { url: 'https://93.184.216.34/', events: ['run.started'] }, '/events/0', /run\.finished/],
    ['no event', { url: 'https://93.184.216.34/', events: [] }, '/events', /./],
    ['no workflow', { url: 'https://93.184.216.34/', workflows: [] }, '/workflows', /./],
    [
      'a workflow that cannot be',
      { url: 'https://93.184.216.34/', workflows: ['No Such'] },
      '/workflows/0',
      /kebab-case/,
    ],
    ['labels that are a list', { url: 'https://93.184.216.34/', labels: ['a'] }, '/labels', /./],
    ['an unknown property', { url: 'https://93.184.216.34/', event: 'x' }, '/event', /did you mean "events"/],
    ['nothing', {}, '/url', /./],
  ])('refuses %s at its place', async (_, body, pointer, detail) => {
    const answer = await strict.post('/v1/webhooks', body);
    expect(answer).toMatchObject({
      status: 422,
      body: { errors: [{ pointer, detail: expect.stringMatching(detail) }], next: expect.any(String) },
    });
    expect((await strict.get('/v1/webhooks')).body).toEqual({ webhooks: [] });
  });

  test('tells everything that is wrong at once', async () => {
    const { body } = await strict.post('/v1/webhooks', { url: 'https://10.1.2.3/', secret: 'x' });
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(['/url', '/secret']);
  });

  test('refuses one too many', async () => {
    const answers = [];
    for (let n = 0; n <= 100; n += 1) answers.push(await gateway.post('/v1/webhooks', { url: 'http://127.0.0.1:9/' }));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(100);
    expect(answers.at(-1)).toMatchObject({ status: 409, body: { code: 'too-many-webhooks' } });
  });

  test('needs the token, as everything about webhooks does', async () => {
    expect((await gateway.bare('/v1/webhooks')).status).toBe(401);
    expect((await gateway.bare(`/v1/webhooks/${randomUUID()}`, { method: 'DELETE' })).status).toBe(401);
  });
});

test('DELETE removes a webhook once', async () => {
  const { webhookId } = await set({ url: 'http://127.0.0.1:9/' });
  expect((await remove(webhookId)).status).toBe(204);
  expect(await list()).toEqual([]);
  expect(await remove(webhookId)).toMatchObject({ status: 404, body: { code: 'webhook-not-found' } });
});

test.each(['', '/deliveries', '/test'])('an unknown webhook is not found (%s)', async (path) => {
  for (const id of [randomUUID(), 'x', '%00']) {
    const answer = await (path === '/test'
      ? gateway.post(`/v1/webhooks/${id}${path}`)
      : gateway.get(`/v1/webhooks/${id}${path}`));
    expect(answer).toMatchObject({ status: 404, body: { code: 'webhook-not-found' } });
  }
});

describe('POST /v1/webhooks/{id}/test', () => {
  test('sends a signed notification now, and tells what came back', async () => {
    const receiver = await receive(reply(200));
    const { webhookId, secret } = await set({ url: receiver.url, events: ['run.finished'] });
    const answer = await gateway.post(`/v1/webhooks/${webhookId}/test`);
    expect(answer.status).toBe(200);
    expect(WebhookTest.parse(answer.body)).toMatchObject({
      answer: 'thank you',
      delivery: { type: 'webhook.test', status: 'delivered', attempts: [{ status: 200, error: null }] },
    });
    expect(receiver.verified(secret)).toMatchObject([{ type: 'webhook.test', data: { webhookId } }]);
  });

  test('tells why nothing came back, and does not try again', async () => {
    const receiver = await receive();
    await receiver.close();
    const { webhookId } = await set({ url: receiver.url });
    const { body } = await gateway.post(`/v1/webhooks/${webhookId}/test`);
    expect(WebhookTest.parse(body)).toMatchObject({
      answer: null,
      delivery: {
        status: 'failed',
        nextAttemptAt: null,
        attempts: [{ status: null, error: expect.stringContaining('ECONNREFUSED') }],
      },
    });
  });

  test('that is answered with 410 disables the webhook, and nothing can be sent again', async () => {
    const receiver = await receive(reply(410));
    const { webhookId } = await set({ url: receiver.url });
    const { delivery } = WebhookTest.parse((await gateway.post(`/v1/webhooks/${webhookId}/test`)).body);
    expect(await list()).toMatchObject([{ status: 'disabled', disabledReason: expect.stringContaining('410') }]);
    expect(await gateway.post(`/v1/webhooks/${webhookId}/deliveries/${delivery.deliveryId}/retry`)).toMatchObject({
      status: 409,
      body: { code: 'webhook-disabled' },
    });
  });
});

describe('deliveries', () => {
  test('are listed newest first, page by page, with their attempts', async () => {
    const receiver = await receive();
    const { webhookId } = await set({ url: receiver.url });
    const runIds: string[] = [];
    for (let n = 0; n < 5; n += 1) runIds.push(await finishRun());
    await whileSending(async () => {
      await until('the deliveries', () => receiver.received.length === 5);
    });
    const seen: (string | null)[] = [];
    let query = '?limit=2';
    while (query !== '') {
      const page = await deliveriesOf(webhookId, query);
      expect(page.deliveries.every(({ attempts }) => attempts[0]?.status === 204)).toBe(true);
      seen.push(...page.deliveries.map(({ runId }) => runId));
      query = page.next === null ? '' : `?limit=2&cursor=${page.next}`;
    }
    expect(seen).toEqual(runIds.toReversed());
    expect((await gateway.get(`/v1/webhooks/${webhookId}/deliveries?cursor=x`)).status).toBe(400);
  });

  test('that failed are sent again when asked to, under the same id', async () => {
    let status = 500;
    const receiver = await receive((response) => response.writeHead(status).end());
    const { webhookId } = await set({ url: receiver.url });
    await finishRun();
    await whileSending(async () => {
      await until(
        'the first attempt',
        async () => (await deliveriesOf(webhookId)).deliveries[0]?.attempts.length === 1,
      );
      const [failed] = (await deliveriesOf(webhookId)).deliveries;
      status = 200;
      const key = { 'idempotency-key': 'again-1' };
      const path = `/v1/webhooks/${webhookId}/deliveries/${failed?.deliveryId}/retry`;
      const answer = await gateway.post(path, undefined, key);
      expect(answer).toMatchObject({ status: 202, body: { deliveryId: failed?.deliveryId } });
      expect(await gateway.post(path, undefined, key)).toMatchObject({ status: 202, body: answer.body });
      await until(
        'the second attempt',
        async () => (await deliveriesOf(webhookId)).deliveries[0]?.status === 'delivered',
      );
    });
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(receiver.received).toHaveLength(2);
  });

  test.each([randomUUID(), 'x'])('that are not of the webhook are not found (%s)', async (id) => {
    const { webhookId } = await set({ url: 'http://127.0.0.1:9/' });
    expect(await gateway.post(`/v1/webhooks/${webhookId}/deliveries/${id}/retry`)).toMatchObject({
      status: 404,
      body: { code: 'delivery-not-found' },
    });
  });
});
