import { randomUUID } from 'node:crypto';
import { GoalCatalog, WorkerAnnouncement } from '@baton/contracts';
import { announceWorker, createPool } from '@baton/event-store';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it, test } from 'vitest';
import { z } from 'zod';
import { startTestGateway, type TestGateway } from '../testing/test-gateway.js';

let gateway: TestGateway;
let worker: Pool;
beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'));
  worker = createPool(gateway.databaseUrl, { role: 'worker', applicationName: 'goals-test' });
  await gateway.post('/v1/workflows', {
    name: 'goal',
    version: '9.9.9',
    title: 'A goal',
    input: {
      type: 'object',
      required: ['goal', 'catalog'],
      properties: { goal: { type: 'string' }, input: {}, approval: {}, catalog: {} },
      additionalProperties: false,
    },
    definition: { StartAt: 'A', QueryLanguage: 'JSONata', States: { A: { Type: 'Succeed' } } },
  });
  await announceWorker(
    worker,
    WorkerAnnouncement.parse({
      ...{ v: 1, workerId: randomUUID(), kind: 'counter', host: 'ada', pid: 7, concurrency: 1 },
      description: 'Counts words.',
      input: { type: 'object', properties: { text: { type: 'string', pattern: '(a+)+$' } } },
    }),
  );
});
afterAll(async () => {
  await worker?.end();
  await gateway?.stop();
});

const accepted = async (runId: string) => {
  const { rows } = await gateway.hub.query('select message::text as text from baton.inbox where request_id = $1', [
    runId,
  ]);
  return z
    .object({ input: z.object({ goal: z.string(), input: z.unknown(), approval: z.string(), catalog: GoalCatalog }) })
    .parse(JSON.parse(rows[0]?.text ?? '{}')).input;
};

describe('POST /v1/goals', () => {
  it('takes a goal as a run of the workflow goal, with what there is in its input', async () => {
    const requestId = randomUUID();
    const { status, body, headers } = await gateway.post('/v1/goals', {
      requestId,
      goal: 'Count',
      input: { text: 'a' },
    });
    expect({ status, location: headers.get('location') }).toEqual({ status: 202, location: `/v1/runs/${body.runId}` });
    const { catalog, ...asked } = await accepted(requestId);
    expect(asked).toEqual({ goal: 'Count', input: { text: 'a' }, approval: 'ask' });
    expect(catalog.workers).toMatchObject([
      {
        kind: 'counter',
        isAlive: true,
        description: 'Counts words.',
        input: { properties: { text: { type: 'string' } } },
      },
    ]);
    expect(catalog.workflows.map(({ ref }) => ref.split('@')[0])).not.toContain('goal');
    expect(catalog.workflows.length).toBeGreaterThan(0);
  });

  it('is one run however often it is sent, whatever there is by then; another goal under the same key is refused', async () => {
    const send = (goal: string) => gateway.post('/v1/goals', { goal }, { 'idempotency-key': 'once' });
    const first = await send('Count');
    await announceWorker(
      worker,
      WorkerAnnouncement.parse({ v: 1, workerId: randomUUID(), kind: 'late', host: 'a', pid: 7, concurrency: 1 }),
    );
    expect(await send('Count')).toMatchObject({ status: 202, body: { runId: first.body.runId } });
    expect(await send('Measure')).toMatchObject({ status: 422 });
  });

  test.each([
    ['empty', { goal: '  ' }],
    ['of a megabyte', { goal: 'x'.repeat(1_000_000) }],
    ['that is no text', { goal: { a: 1 } }],
    ['with half a surrogate pair', { goal: 'a\ud800' }],
    ['with NUL', { goal: 'a\u0000' }],
    ['with a member that is not known', { goal: 'Count', workflow: 'x' }],
    ['with an approval that there is not', { goal: 'Count', approval: 'yes' }],
  ])('refuses a goal %s', async (_, body) => {
    const answer = await gateway.post('/v1/goals', body);
    expect([400, 413, 422]).toContain(answer.status);
    expect(answer.body.code).toEqual(expect.any(String));
  });

  it('is run unasked only for somebody who may approve', async () => {
    const keyOf = async (roles: readonly string[]) =>
      (await gateway.post('/v1/auth/keys', { name: `k-${randomUUID().slice(0, 8)}`, roles })).body.key;
    const submit = async (roles: readonly string[], path: string, body: object) =>
      gateway.bare(path, {
        method: 'POST',
        headers: { authorization: `Bearer ${await keyOf(roles)}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const given = { goal: 'Count', approval: 'given' };
    expect((await submit(['submitter'], '/v1/goals', given)).status).toBe(403);
    expect((await submit(['submitter'], '/v1/goals', { goal: 'Count' })).status).toBe(202);
    expect((await submit(['submitter', 'approver'], '/v1/goals', given)).status).toBe(202);
    const catalog = { workers: [], workflows: [], leftOff: 0 };
    const direct = { workflow: 'goal', input: { goal: 'Count', catalog, approval: 'given' } };
    expect((await submit(['submitter'], '/v1/runs', direct)).status).toBe(403);
  });
});
