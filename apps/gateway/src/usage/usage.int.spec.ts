import { randomUUID } from 'node:crypto';
import { runStarted, until } from '@baton/read-model/testing';
import type { RunEvent } from '@baton/workflow';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../testing/test-gateway.js';

let gateway: TestGateway;

/** A run of one task that cost so much. */
async function runThatCost(costUsd: number | null, submitter: string): Promise<void> {
  const runId = randomUUID();
  const commandId = `${runId}-1`;
  const events: readonly RunEvent[] = [
    runStarted({ submittedBy: { type: 'apikey', id: submitter } }),
    { type: 'StateEntered', data: { visit: 1, frame: 0, state: 'Plan' } },
    {
      type: 'TaskScheduled',
      data: {
        ...{ visit: 1, attempt: 1, commandId, resource: 'baton:worker:planner', arguments: null },
        ...{ notBefore: null, deadline: null, heartbeatSeconds: null },
      },
    },
    {
      type: 'TaskSucceeded',
      data: { visit: 1, commandId, output: null, model: 'm1', usage: { inputTokens: 3, outputTokens: 4, costUsd } },
    },
    { type: 'RunSucceeded', data: { output: null } },
  ];
  await gateway.log.append(runId, ...events);
}

beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'));
  await runThatCost(0.25, 'ci');
  await runThatCost(1, 'somebody');
  await until('the runs to be folded', async () => (await gateway.get('/v1/usage')).body.total.tasks === 2);
});
afterAll(() => gateway?.stop());

describe('GET /v1/usage', () => {
  test.each([
    ['', 'two-steps'],
    ['by=workflow&', 'two-steps'],
    ['by=agent&', 'planner'],
    ['by=model&', 'm1'],
    ['by=day&', expect.stringMatching(/^\d{4}-\d\d-\d\d$/)],
  ])('adds up %s', async (by, key) => {
    const { status, body } = await gateway.get(`/v1/usage?${by}workflow=two-steps&since=2000-01-01&until=2999-01-01`);
    expect(status).toBe(200);
    const sums = { runs: 2, tasks: 2, inputTokens: 6, outputTokens: 8, costUsd: 1.25, knownCostUsd: 1.25, unpriced: 0 };
    expect(body).toMatchObject({
      ...{ since: '2000-01-01T00:00:00.000Z', until: '2999-01-01T00:00:00.000Z', timeZone: 'UTC', leftOff: 0 },
      ...{ groups: [{ key, ...sums }], total: { key: null, ...sums } },
    });
  });

  test('adds up the runs that a key is for, and no other', async () => {
    const made = await gateway.post('/v1/auth/keys', { name: 'ci', roles: ['viewer'], scope: { own: true } });
    const headers = { authorization: `Bearer ${made.body.key}` };
    for (const by of ['workflow', 'agent', 'model', 'day']) {
      const { body } = await gateway.bare(`/v1/usage?by=${by}`, { headers });
      expect(body.total).toMatchObject({ runs: 1, tasks: 1, costUsd: 0.25 });
    }
  });

  test.each([
    ['by=colour', 'by'],
    ['since=yesterday', 'since'],
    ['until=yesterday', 'until'],
    ['timeZone=Europe/Nowhere', 'timeZone'],
    ['timeZone=%2B01:00', 'timeZone'],
    ['colour=red', 'colour'],
  ])('refuses %s', async (query, pointer) => {
    const answer = await gateway.get(`/v1/usage?${query}`);
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer }] } });
  });
});
