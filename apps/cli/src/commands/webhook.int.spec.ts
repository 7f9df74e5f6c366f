import type { WebhookDelivery, WebhookView } from '@baton/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Bench } from '../testing/baton.js';
import { json, problem } from '../testing/http-server.js';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.start();
});
afterEach(() => bench.stop());

const ID = '7c1d02aa-3d4b-4a51-9a58-5b1f3a0c2e11';
const webhook: WebhookView = {
  webhookId: ID,
  url: 'https://hooks.example/baton',
  events: ['run.finished'],
  workflows: null,
  labels: {},
  status: 'active',
  disabledReason: null,
  createdAt: '2026-01-01T00:00:00.000Z',
  createdBy: { type: 'apikey', id: 'local-admin' },
};
const delivery: WebhookDelivery = {
  deliveryId: '0f3c9a52-66b1-4c39-9d0e-0d6a3b1f8a11',
  webhookId: ID,
  type: 'run.finished',
  runId: '3f2a91c0-1111-4111-8111-111111111111',
  position: 12,
  status: 'pending',
  createdAt: '2026-01-01T00:00:00.000Z',
  nextAttemptAt: '2026-01-01T00:05:00.000Z',
  attempts: [{ number: 1, at: '2026-01-01T00:00:01.000Z', durationMs: 12, status: 500, error: 'answered 500' }],
};
const serve = (route: string, status: number, body: unknown): void =>
  void bench.routes.set(route, (_, response) => json(response, status, body));

describe('webhook add', () => {
  test('sends what was asked for, and shows the secret with a word of warning', async () => {
    serve('POST /v1/webhooks', 201, { ...webhook, secret: 'whsec_abc' });
    const { exitCode, stdout, stderr } = await bench.baton([
      'webhook',
      'add',
      'https://hooks.example/baton',
      '--events',
      'run.finished, budget.warning',
    ]);
    expect(exitCode).toBe(0);
    expect(bench.lastBody()).toEqual({
      url: 'https://hooks.example/baton',
      events: ['run.finished', 'budget.warning'],
    });
    expect(stdout).toMatch(/^secret +whsec_abc$/m);
    expect(stderr).toContain('not shown again');
  });

  test('chooses runs by workflow and label, and refuses an event that is none with what was probably meant', async () => {
    serve('POST /v1/webhooks', 201, {
      ...webhook,
      workflows: ['report'],
      labels: { team: 'red' },
      secret: 'whsec_abc',
    });
    const args = ['--workflow', 'report', '--workflow', 'seven-step', '--label', 'team=red'];
    const { stdout } = await bench.baton(['webhook', 'add', 'https://hooks.example', ...args]);
    expect(bench.lastBody()).toMatchObject({ workflows: ['report', 'seven-step'], labels: { team: 'red' } });
    expect(stdout).toMatch(/^runs +report, team=red$/m);
    const wrong = await bench.baton(['webhook', 'add', 'https://hooks.example', '--events', 'run.finish']);
    expect(wrong).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('Did you mean run.finished?') });
  });

  test('reads a secret from stdin, where nobody sees it', async () => {
    serve('POST /v1/webhooks', 201, { ...webhook, secret: 'whsec_abc' });
    await bench.baton(['webhook', 'add', 'https://hooks.example', '--secret', '-'], { stdin: 'whsec_abc\n' });
    expect(bench.lastBody()).toEqual({ url: 'https://hooks.example', secret: 'whsec_abc' });
  });

  test('tells what was refused, with its place', async () => {
    bench.routes.set('POST /v1/webhooks', (_, response) =>
      problem(response, 422, 'webhook-refused', 'The webhook was refused.', {
        errors: [{ pointer: '/url', detail: 'is a private address' }],
      }),
    );
    const { exitCode, stderr } = await bench.baton(['webhook', 'add', 'https://10.0.0.1']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('  url: is a private address');
  });
});

test('webhook list shows each with its state', async () => {
  serve('GET /v1/webhooks', 200, {
    webhooks: [webhook, { ...webhook, status: 'disabled', disabledReason: 'The endpoint answered 410 Gone.' }],
  });
  const { stdout } = await bench.baton(['webhook', 'list']);
  expect(stdout).toMatch(
    /^7c1d02aa {2}active {4}2026-01-01 00:00:00Z {2}run\.finished {2}https:\/\/hooks\.example\/baton$/m,
  );
  expect(stdout).toMatch(/disabled .* \(The endpoint answered 410 Gone\.\)$/m);
  expect(JSON.parse((await bench.baton(['webhook', 'list', '-o', 'json'])).stdout)).toHaveLength(2);
});

test('webhook list fits a narrow terminal, however many events there are', async () => {
  const events = ['approval.requested', 'approval.reminded', 'approval.escalated', 'run.finished', 'run.parked'];
  serve('GET /v1/webhooks', 200, { webhooks: [{ ...webhook, events }] });
  const { stdout } = await bench.baton(['webhook', 'list'], { width: 50 });
  expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(50);
});

test('webhook add says of a workflow that there is not which one was probably meant', async () => {
  serve('POST /v1/webhooks', 201, { ...webhook, workflows: ['repot'], secret: 'whsec_abc' });
  const workflow = { name: 'report', version: '1.0.0', title: 'R', sha256: 'ab'.repeat(32), source: 'shipped' };
  const workflows = [{ ...workflow, publishedAt: null, publishedBy: null, problem: null }];
  serve('GET /v1/workflows', 200, { workflows });
  const { exitCode, stderr } = await bench.baton(['webhook', 'add', 'https://h.example/', '--workflow', 'repot']);
  expect(exitCode).toBe(0);
  expect(stderr).toContain('There is no workflow repot yet. Did you mean "report"?');
});

test('webhook remove needs no more than the beginning of the id', async () => {
  bench.routes.set('DELETE /v1/webhooks/7c1d', (_, response) => void response.writeHead(204).end());
  expect(await bench.baton(['webhook', 'remove', '7c1d'])).toMatchObject({ exitCode: 0, stdout: '' });
});

test('webhook remove of one that is not there says how to find those that are', async () => {
  bench.routes.set('DELETE /v1/webhooks/7c1d', (_, response) =>
    problem(response, 404, 'webhook-not-found', 'There is no webhook 7c1d.'),
  );
  const { exitCode, stderr } = await bench.baton(['webhook', 'remove', '7c1d']);
  expect(exitCode).toBe(3);
  expect(stderr).toContain('baton webhook list');
});

test('webhook deliveries shows how often each was tried and what came back', async () => {
  serve('GET /v1/webhooks/7c1d/deliveries', 200, { deliveries: [delivery], next: null });
  const { stdout } = await bench.baton(['webhook', 'deliveries', '7c1d']);
  expect(stdout).toMatch(/run\.finished {2}3f2a91c0 {2}pending +1 +2026-01-01 00:05:00Z {2}answered 500$/m);
  expect(bench.server.requests.at(-1)?.path).toContain('limit=20');
});

describe('webhook test', () => {
  test('shows what came back', async () => {
    const attempts = [{ number: 1, at: '2026-01-01T00:00:01.000Z', durationMs: 12, status: 200, error: null }];
    const tested = { delivery: { ...delivery, status: 'delivered', attempts }, answer: 'thank\u001b you\n' };
    serve('POST /v1/webhooks/7c1d/test', 200, tested);
    const { exitCode, stdout } = await bench.baton(['webhook', 'test', '7c1d']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^answer +200$/m);
    expect(stdout).toContain('thank  you');
  });

  test('ends with an error where it was not taken', async () => {
    serve('POST /v1/webhooks/7c1d/test', 200, { delivery: { ...delivery, status: 'failed' }, answer: null });
    const { exitCode, stdout } = await bench.baton(['webhook', 'test', '7c1d']);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^answer +answered 500$/m);
  });
});

test('webhook retry names the delivery', async () => {
  serve(`POST /v1/webhooks/7c1d/deliveries/${delivery.deliveryId}/retry`, 202, delivery);
  expect((await bench.baton(['webhook', 'retry', '7c1d', delivery.deliveryId])).stdout).toBe(
    `${delivery.deliveryId}\n`,
  );
});

test.each([
  ['remove', ''],
  ['test', '../runs'],
  ['deliveries', 'x y'],
])('webhook %s %j is refused before anything is sent', async (command, id) => {
  expect((await bench.baton(['webhook', command, id])).exitCode).toBe(2);
  expect(bench.server.requests).toEqual([]);
});
