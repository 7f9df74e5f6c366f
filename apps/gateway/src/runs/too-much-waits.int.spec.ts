import { randomUUID } from 'node:crypto';
import { runStarted } from '@baton/read-model/testing';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Answer, startTestGateway, type TestGateway } from '../testing/test-gateway.js';

const MOST = 3;

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'), { mostWaiting: MOST });
});
afterAll(() => gateway?.stop());

const submit = (key = randomUUID()): Promise<Answer> =>
  gateway.post(
    '/v1/runs',
    { workflow: 'two-steps', input: { requirements: 'count words' } },
    { 'idempotency-key': key },
  );

// No hub takes anything here.
test('while too much waits a new submission is told when to come again, and all else is served', async () => {
  const first = randomUUID();
  let answer = await submit(first);
  const { runId } = answer.body;
  const begun = randomUUID();
  await gateway.log.append(begun, runStarted());
  await expect
    .poll(
      async () => {
        answer = await submit();
        return answer.status;
      },
      { timeout: 30_000 },
    )
    .toBe(429);
  expect(answer.body).toMatchObject({ code: 'too-much-waits', status: 429 });
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  // A fork is a new run, too.
  expect((await gateway.post(`/v1/runs/${begun}/fork`, { at: 1 })).body).toMatchObject({ code: 'too-much-waits' });
  expect((await submit(first)).body).toMatchObject({ runId, status: 'accepted' });
  expect((await gateway.get(`/v1/runs/${runId}`)).status).toBe(200);
  expect((await gateway.post(`/v1/runs/${runId}/cancel`, {})).status).toBe(202);
});
