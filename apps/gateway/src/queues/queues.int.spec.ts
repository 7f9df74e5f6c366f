import { createPool, pendingRequests, recordDeadLetter } from '@baton/event-store';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { schemaFiles } from '../schemas/schema-files.js';
import { startTestGateway, type TestGateway } from '../testing/test-gateway.js';

const RUN = '3f2a91c0-0000-4000-8000-000000000001';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'));
});
afterAll(() => gateway?.stop());

test('GET /v1/queues counts what waits, in the queues of the hub and of the workers that workflows ask for', async () => {
  await gateway.post('/v1/runs', { workflow: 'two-steps', input: { requirements: 'x' } });
  const { body } = await gateway.get('/v1/queues');
  const idle = { waiting: 0, oldestMs: null, active: 0, delayed: 0, completed: 0, doneLastMinute: 0, failed: 0 };
  expect(body.queues).toEqual([
    { name: 'intake', ...idle, waiting: 1, oldestMs: expect.toSatisfy((ms) => ms >= 0 && ms < 60_000) },
    { name: 'results-0', ...idle },
    { name: 'results-1', ...idle },
    { name: 'worker-advisor', ...idle },
    { name: 'worker-planner', ...idle },
    { name: 'worker-programmer', ...idle },
  ]);
});

test('GET /v1/dead-letters pages through what could not be taken, newest first', async () => {
  for (let n = 1; n <= 5; n += 1) {
    await recordDeadLetter(gateway.hub, {
      source: 'intake',
      name: 'sumbit',
      reason: `reason ${n}`,
      message: `{"n":${n}}`,
    });
  }
  const reasons: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const { body } = await gateway.get(`/v1/dead-letters?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
    reasons.push(...body.deadLetters.map(({ reason }: { reason: string }) => reason));
    cursor = body.next;
  }
  expect(reasons).toEqual([5, 4, 3, 2, 1].map((n) => `reason ${n}`));
  const first = (await gateway.get('/v1/dead-letters?limit=1')).body.deadLetters[0];
  expect(first).toMatchObject({
    source: 'intake',
    name: 'sumbit',
    message: '{"n":5}',
    at: expect.stringMatching(/Z$/),
  });
  expect(await gateway.get('/v1/dead-letters?limit=x')).toMatchObject({
    status: 400,
    body: { code: 'invalid-parameter' },
  });
});

describe('POST /v1/dead-letters/{id}/requeue', () => {
  const newestId = async (): Promise<number> => (await gateway.get('/v1/dead-letters?limit=1')).body.deadLetters[0].id;
  const requeue = (id: number | string) => gateway.post(`/v1/dead-letters/${id}/requeue`, {});
  const letter = async (change: object) => {
    await recordDeadLetter(gateway.hub, { source: 'intake', name: 'submit', reason: 'r', message: '{}', ...change });
    return newestId();
  };
  const submit = (requestId: string, more: object = {}) =>
    JSON.stringify({ requestId, workflow: 'two-steps', input: { requirements: 'x' }, ...more });

  test('accepts a request again, as its gateway had accepted it, and keeps the letter with who asked for that', async () => {
    const { runId } = (await gateway.post('/v1/runs', { requestId: 'again', ...JSON.parse(submit('again')) })).body;
    const id = await letter({ message: submit('again', { actor: { type: 'user', id: 'eve' } }), requestId: 'again' });
    expect((await gateway.get(`/v1/runs/${runId}`)).body).toMatchObject({ code: 'run-rejected' });
    const { status, body } = await requeue(id);
    expect(status).toBe(202);
    const by = { type: 'apikey', id: 'local-admin' };
    expect(body).toMatchObject({ id, requeuedBy: by, requeuedAt: body.sentAt, requestId: 'again' });
    const [waiting] = (await pendingRequests(gateway.hub, { limit: 100 })).filter((each) => each.requestId === 'again');
    expect(waiting).toMatchObject({ name: 'submit', message: { actor: by, workflow: 'two-steps@1.0.0' } });
    expect((await gateway.get(`/v1/runs/${runId}`)).body).toMatchObject({ status: 'accepted' });
    const ids = async (query: string) =>
      (await gateway.get(`/v1/dead-letters?${query}`)).body.deadLetters.map((each: { id: number }) => each.id);
    expect(await ids('')).not.toContain(id);
    expect(await ids('status=requeued')).toEqual([id]);
    expect(await ids('status=all')).toContain(id);
    expect(await requeue(id)).toMatchObject({
      status: 409,
      body: { code: 'dead-letter-requeued', detail: expect.stringContaining('local-admin') },
    });
  });

  test('believes nobody of a request that no gateway accepted', async () => {
    const answer = { requestId: 'forged', runId: RUN, approvalId: `${RUN}-1`, decision: 'approve' };
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const claimed = { ...answer, traceparent, roles: ['admin'], actor: { type: 'user', id: 'boss' } };
    const message = JSON.stringify(claimed);
    const id = await letter({ name: 'decide-approval', message, requestId: 'forged' });
    expect((await requeue(id)).status).toBe(202);
    const [waiting] = (await pendingRequests(gateway.hub, { limit: 100 })).filter(
      (each) => each.requestId === 'forged',
    );
    const actor = { type: 'producer', id: 'user:boss' };
    expect(waiting?.message).toEqual({ ...answer, actor, traceparent });
    const { rows } = await gateway.hub.query(`select message from baton.inbox where request_id = 'forged'`);
    expect(JSON.parse(rows[0].message)).toEqual({ ...answer, actor });
  });

  test.each([
    ['was cut', { message: 'x'.repeat(300_000) }, 'dead-letter-cut'],
    ['was too large', { reason: 'message-too-large: y' }, 'dead-letter-cut'],
    ['is not JSON', { message: 'no' }, 'dead-letter-unfit'],
    ['has an unknown name', { name: 'sumbit' }, 'dead-letter-unfit'],
    ['has a member that is not known', { message: submit('odd', { budgets: {} }) }, 'dead-letter-unfit'],
    ['is about a task that nobody waits for', { source: 'results-0', commandId: `${RUN}-1` }, 'task-not-open'],
    ['is a task that nobody waits for', { source: 'worker-planner', commandId: `${RUN}-1` }, 'task-not-open'],
    ['is of a run that does not stand still', { source: 'hub', name: 'FailTask', runId: RUN }, 'run-not-parked'],
  ])('refuses with the reason a message that %s', async (_, change, code) => {
    const id = await letter(change);
    expect(await requeue(id)).toMatchObject({ status: 409, body: { code, next: expect.any(String) } });
    expect(await newestId()).toBe(id);
  });

  test('knows no other letters than there are', async () => {
    for (const id of [999_999, 'x', '-1']) expect((await requeue(id)).body.code).toBe('dead-letter-not-found');
  });
});

test('GET /v1/schemas/workflow-document has the schema that is in the folder', async () => {
  const { body } = await gateway.get('/v1/schemas/workflow-document');
  expect(body).toEqual(JSON.parse(schemaFiles().get('workflow-document.json') ?? ''));
});

test('GET /v1/schemas has the schema of every message', async () => {
  const { schemas } = (await gateway.get('/v1/schemas')).body;
  expect(Object.keys(schemas).sort()).toEqual([
    'intake.answer-task',
    'intake.cancel',
    'intake.decide-approval',
    'intake.fork',
    'intake.pause',
    'intake.rate',
    'intake.resume',
    'intake.retry',
    'intake.signal',
    'intake.signed',
    'intake.submit',
    'results.bundle',
    'results.failed',
    'results.heartbeat',
    'results.succeeded',
    'results.worker',
    'worker.bundle',
    'worker.task',
  ]);
  expect(schemas['intake.submit']).toMatchObject({ type: 'object', required: ['requestId', 'workflow', 'input'] });
});

test('POST /v1/queues/rebuild takes back the word that the queues are whole', async () => {
  const owner = createPool(gateway.databaseUrl, { role: 'owner', max: 1, applicationName: 'test-owner' });
  const epoch = async () => (await owner.query('select value from bullmq.baton_epoch')).rows[0]?.value;
  expect((await gateway.post('/v1/queues/rebuild', {})).status).toBe(202);
  expect(await epoch()).toMatch(/^rebuilding:/);
  await owner.end();
});
