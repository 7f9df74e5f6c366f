import { randomUUID } from 'node:crypto';
import { GoalCatalog, WorkerAnnouncement } from '@baton/contracts';
import { announceWorker, createPool } from '@baton/event-store';
import { runStarted } from '@baton/read-model/testing';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it, test } from 'vitest';
import { z } from 'zod';
import { type Answer, startTestGateway, type TestGateway } from '../testing/test-gateway.js';

let gateway: TestGateway;
let worker: Pool;
let owner: Pool;
beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'));
  owner = createPool(gateway.databaseUrl, { role: 'owner', max: 1, applicationName: 'goals-test' });
  worker = createPool(gateway.databaseUrl, { role: 'worker', applicationName: 'goals-test' });
  await gateway.post('/v1/workflows', {
    name: 'goal',
    version: '9.9.9',
    title: 'A goal',
    input: {
      type: 'object',
      required: ['goal', 'catalog'],
      properties: { goal: { type: 'string' }, input: {}, approval: {}, policy: {}, catalog: {} },
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
  await Promise.all([worker?.end(), owner?.end()]);
  await gateway?.stop();
});

const at = (kind: string): number => Number(kind.split('-').at(-1));

const accepted = async (runId: string) => {
  const { rows } = await gateway.hub.query('select message::text as text from baton.inbox where request_id = $1', [
    runId,
  ]);
  return z
    .object({
      input: z.looseObject({ goal: z.string(), input: z.unknown(), approval: z.string(), catalog: GoalCatalog }),
    })
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

  it.each([
    ['has been silent for a minute and a half, as where it is started again', { seconds: 90, isStopped: false }, true],
    ['has been silent for three minutes', { seconds: 180, isStopped: false }, false],
    ['has said that it ends', { seconds: 0, isStopped: true }, false],
  ])('of a kind that %s', async (_, { seconds, isStopped }, isAlive) => {
    const [workerId, requestId] = [randomUUID(), randomUUID()];
    const facts = { v: 1, workerId, kind: 'quiet', host: 'ada', pid: 7, concurrency: 1, isStopped };
    await announceWorker(worker, WorkerAnnouncement.parse(facts));
    await owner.query(`update baton.worker set seen_at = seen_at - $2 * interval '1 second' where worker_id = $1`, [
      workerId,
      seconds,
    ]);
    await gateway.post('/v1/goals', { requestId, goal: 'Count' });
    const { catalog } = await accepted(requestId);
    expect(catalog.workers.find(({ kind }) => kind === 'quiet')).toMatchObject({ isAlive });
    await owner.query(`delete from baton.worker where worker_id = $1`, [workerId]);
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

  it('says who may approve it, and not beside that nobody is asked', async () => {
    const requestId = randomUUID();
    const policy = { excludeSubmitter: true };
    const { status } = await gateway.post('/v1/goals', { requestId, goal: 'Count', policy });
    expect(status).toBe(202);
    expect(await accepted(requestId)).toMatchObject({ policy, approval: 'ask' });
    expect(await gateway.post('/v1/goals', { goal: 'Count', policy, approval: 'given' })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/policy' }] },
    });
    expect((await gateway.post('/v1/goals', { goal: 'Count', policy: { count: 0 } })).status).toBe(422);
  });

  it('has room for workflows whatever workers say of themselves, and a credential for some composes of no worker', async () => {
    const long = Object.fromEntries(
      Array.from({ length: 40 }, (_, at) => [`m${at}`, { description: 'x'.repeat(200) }]),
    );
    const properties = Object.fromEntries(
      Array.from({ length: 8 }, (_, at) => [`o${at}`, { type: 'object', properties: long }]),
    );
    for (const kind of Array.from({ length: 12 }, (_, at) => `wordy-${at}`)) {
      const facts = { v: 1, workerId: randomUUID(), kind, host: 'ada', pid: 7, concurrency: 1 };
      const input = {
        type: 'object',
        properties: at(kind) === 0 ? properties : { m: { description: 'y'.repeat(150) }, ...long },
      };
      await announceWorker(worker, WorkerAnnouncement.parse({ ...facts, description: 'w '.repeat(200), input }));
    }
    const requestId = randomUUID();
    await gateway.post('/v1/goals', { requestId, goal: 'Count words' });
    const { catalog } = await accepted(requestId);
    expect(JSON.stringify(catalog).length).toBeLessThan(90_500);
    expect(catalog.workflows.length).toBeGreaterThan(0);
    expect(catalog.workers.map(({ kind }) => kind)).toContain('counter');
    expect(catalog.workersLeftOff).toBeGreaterThan(0);
    expect(catalog.workers.find(({ kind }) => kind === 'wordy-0')?.input ?? null).toBeNull();

    const scoped = randomUUID();
    const key = { roles: ['submitter'], scope: { workflows: ['goal', 'two-steps'] } };
    expect((await submit(key, '/v1/goals', { requestId: scoped, goal: 'Count' })).status).toBe(202);
    expect(await accepted(scoped)).toMatchObject({ catalog: { workers: [] } });
  });

  it('is run unasked only for somebody who may approve', async () => {
    const given = { goal: 'Count', approval: 'given' };
    expect((await submit({ roles: ['submitter'] }, '/v1/goals', given)).status).toBe(403);
    expect((await submit({ roles: ['submitter'] }, '/v1/goals', { goal: 'Count' })).status).toBe(202);
    expect((await submit({ roles: ['submitter', 'approver'] }, '/v1/goals', given)).status).toBe(202);
    const catalog = { workers: [], workflows: [], leftOff: 0 };
    const direct = { workflow: 'goal', input: { goal: 'Count', catalog, approval: 'given' } };
    expect((await submit({ roles: ['submitter'] }, '/v1/runs', direct)).status).toBe(403);
  });
});

describe('a fork of a run that composes', () => {
  const scope = { workflows: ['goal'] };
  const set = { isApproved: true };
  const input = { requirements: 'y' };

  test.each([
    [['submitter'], {}, 'approval-needed'],
    [['operator'], {}, 'approval-needed'],
    [['submitter'], { set }, 'approval-needed'],
    [['operator'], { input }, 'approval-needed'],
    [['submitter', 'approver'], {}, undefined],
    [['submitter', 'approver'], { input }, undefined],
    [['admin'], { input }, undefined],
  ])('with the roles %j, and with %j otherwise, has the refusal %s', async (roles, otherwise, code) => {
    const answer = await submit({ roles }, await forkOf('goal'), { at: 2, ...otherwise });
    expect([answer.status, answer.body.code]).toEqual([code === undefined ? 202 : 403, code]);
  });

  test('is told nothing else by a key for certain runs', async () => {
    const key = { roles: ['submitter', 'approver'], scope };
    for (const otherwise of [{ set }, { input }])
      expect(await submit(key, await forkOf('goal'), { at: 2, ...otherwise })).toMatchObject({
        status: 403,
        body: { code: 'out-of-scope' },
      });
    expect((await submit(key, await forkOf('goal'), { at: 2 })).status).toBe(202);
  });

  test('is no other fork: those of runs that compose nothing need no approver', async () => {
    expect((await submit({ roles: ['submitter'] }, await forkOf('two-steps'), { at: 2, input })).status).toBe(202);
  });
});

/** The address where a run of the workflow, which is somebody else's, is forked. */
async function forkOf(workflow: string): Promise<string> {
  const runId = randomUUID();
  await gateway.log.append(
    runId,
    runStarted({ workflow: { name: workflow, version: '1.0.0', sha256: 'a'.repeat(64) } }),
    { type: 'FrameStarted', data: { frame: 0, parent: null, machine: '', input: { requirements: 'x' } } },
  );
  return `/v1/runs/${runId}/fork`;
}

/** As somebody who has a new key. */
async function submit(key: object, path: string, body: object): Promise<Answer> {
  const made = await gateway.post('/v1/auth/keys', { name: `k-${randomUUID().slice(0, 8)}`, ...key });
  return gateway.post(path, body, { authorization: `Bearer ${made.body.key}` });
}
