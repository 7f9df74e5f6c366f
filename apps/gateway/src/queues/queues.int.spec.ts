import { createPool, recordDeadLetter } from '@baton/event-store';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../testing/test-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'));
});
afterAll(() => gateway?.stop());

test('GET /v1/queues counts what waits, in the queues of the hub and of the workers that workflows ask for', async () => {
  await gateway.post('/v1/runs', { workflow: 'two-steps', input: { requirements: 'x' } });
  const { body } = await gateway.get('/v1/queues');
  const idle = { waiting: 0, active: 0, delayed: 0, completed: 0, failed: 0 };
  expect(body.queues).toEqual([
    { name: 'intake', ...idle, waiting: 1 },
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

test('GET /v1/schemas has the schema of every message', async () => {
  const { schemas } = (await gateway.get('/v1/schemas')).body;
  expect(Object.keys(schemas).sort()).toEqual([
    'intake.cancel',
    'intake.decide-approval',
    'intake.fork',
    'intake.pause',
    'intake.resume',
    'intake.retry',
    'intake.signal',
    'intake.submit',
    'results.failed',
    'results.heartbeat',
    'results.succeeded',
    'results.worker',
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
