import { randomUUID } from 'node:crypto';
import { RunAccepted, RunView, runIdOfRequest } from '@baton/contracts';
import { findRequest, pendingRequests, recordDeadLetter } from '@baton/event-store';
import { runStarted, until } from '@baton/read-model/testing';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Answer, startTestGateway, type TestGateway } from '../testing/test-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'));
});
afterAll(() => gateway?.stop());

const body = { workflow: 'two-steps', input: { requirements: 'count words' } };
const submit = (changes: object = {}, key?: string): Promise<Answer> =>
  gateway.post('/v1/runs', { ...body, ...changes }, key === undefined ? {} : { 'idempotency-key': key });
const pending = () => pendingRequests(gateway.hub, { limit: 1_000 });
const intakeCount = async (): Promise<number> => {
  const { queues } = (await gateway.get('/v1/queues')).body;
  return queues.find(({ name }: { name: string }) => name === 'intake').waiting;
};

describe('a submission', () => {
  test('is accepted with the address of its run', async () => {
    const key = randomUUID();
    const answer = await submit({ labels: { team: 'red' } }, key);
    expect(answer.status).toBe(202);
    expect(RunAccepted.parse(answer.body)).toEqual({ runId: runIdOfRequest(key), requestId: key, status: 'accepted' });
    expect(answer.headers.get('location')).toBe(`/v1/runs/${runIdOfRequest(key)}`);
  });

  test('is in Postgres and on the intake queue when it is accepted', async () => {
    const before = await intakeCount();
    const { runId, requestId } = (await submit({ priority: 1, labels: { team: 'red' } })).body;
    const stored = (await pending()).find((request) => request.requestId === requestId);
    expect(stored).toEqual({
      acceptedAt: expect.any(String),
      isVouched: true,
      requestId,
      name: 'submit',
      message: {
        ...body,
        workflow: 'two-steps@1.0.0',
        requestId,
        runId,
        priority: 1,
        labels: { team: 'red' },
        actor: { type: 'apikey', id: 'local-admin' },
      },
    });
    expect(await intakeCount()).toBe(before + 1);
  });

  test('belongs to the trace of whoever asks, where that is one', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const traceOf = async (header: string): Promise<unknown> => {
      const { status, body: answer } = await gateway.post('/v1/runs', body, { traceparent: header });
      expect(status).toBe(202);
      return (await pending()).find(({ requestId }) => requestId === answer.requestId)?.message.traceparent;
    };
    expect(await traceOf(traceparent)).toBe(traceparent);
    // A hub of the version before refuses a message that says it.
    const { rows } = await gateway.hub.query('select message from baton.inbox where traceparent = $1', [traceparent]);
    expect(rows.map(({ message }) => 'traceparent' in JSON.parse(message))).toEqual([false]);
    // Whatever a stranger writes there, the request is taken, and none of that is kept.
    for (const header of ['nonsense', `${traceparent}-more`, 'x'.repeat(4_000), `${traceparent}, ${traceparent}`])
      expect(await traceOf(header)).toBeUndefined();
    expect(await submit({ traceparent })).toMatchObject({ status: 422 });
  });

  test('is shown as accepted until the hub begins it', async () => {
    const { runId, requestId } = (await submit({ labels: { team: 'blue' } })).body;
    const shown = await gateway.get(`/v1/runs/${runId}`);
    expect(shown.status).toBe(200);
    expect(shown.headers.get('etag')).toBe('"v0"');
    expect(RunView.parse(shown.body)).toMatchObject({
      runId,
      status: 'accepted',
      version: 0,
      labels: { team: 'blue' },
    });
    expect((await gateway.get('/v1/runs?status=accepted&label=team=blue')).body.runs).toMatchObject([{ runId }]);

    await gateway.log.answer(runId, requestId, runStarted());
    expect((await gateway.get(`/v1/runs/${runId}`)).body).toMatchObject({ status: 'running', version: 1 });
  });

  test('may choose its run id, once', async () => {
    const runId = randomUUID();
    expect((await submit({ runId: runId.toUpperCase() }, `first-${runId}`)).body.runId).toBe(runId);
    expect((await submit({ runId: runId.toUpperCase() }, `first-${runId}`)).status).toBe(202);
    const second = await submit({ runId });
    expect(second).toMatchObject({ status: 409, body: { code: 'run-exists', errors: [{ pointer: '/runId' }] } });
  });

  test('may hold any character JSON can', async () => {
    const answer = await submit({ input: { requirements: 'a\u0000b\ud800' }, labels: { odd: 'a\u0000b\ud800' } });
    expect(answer.status).toBe(202);
    expect((await gateway.get(`/v1/runs/${answer.body.runId}`)).body).toMatchObject({
      labels: { odd: 'a\u0000b\ud800' },
    });
    expect((await gateway.get('/v1/runs')).status).toBe(200);
    expect(await pending()).toContainEqual(expect.objectContaining({ requestId: answer.body.requestId }));
  });
});

describe('a request id', () => {
  test('may come in the body', async () => {
    const requestId = randomUUID();
    expect((await submit({ requestId })).body).toMatchObject({ requestId, runId: runIdOfRequest(requestId) });
  });

  test('means the same with and without the quotes of the draft standard', async () => {
    const key = randomUUID();
    expect((await submit({}, `"${key}"`)).body.requestId).toBe(key);
    expect((await submit({}, key)).status).toBe(202);
  });

  test('is refused when header and body differ', async () => {
    const answer = await submit({ requestId: 'one' }, 'other');
    expect(answer).toMatchObject({
      status: 422,
      body: { code: 'idempotency-conflict', errors: [{ pointer: '/requestId' }] },
    });
  });

  test('is refused when it is no id', async () => {
    expect(await submit({ requestId: 'a\u0000b' })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/requestId' }] },
    });
    expect(await submit({}, 'x'.repeat(201))).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: 'Idempotency-Key' }] },
    });
  });
});

describe('the same request id again', () => {
  test('with the same body gets the same answer, and is one request', async () => {
    const key = randomUUID();
    const first = await submit({}, key);
    const again = await gateway.post(
      '/v1/runs',
      { input: body.input, workflow: body.workflow },
      { 'idempotency-key': key },
    );
    expect(again.status).toBe(202);
    expect(again.body).toEqual(first.body);
    expect((await pending()).filter(({ requestId }) => requestId === key)).toHaveLength(1);
  });

  test('with the same body gets the same answer after the run has begun', async () => {
    const key = randomUUID();
    const first = await submit({}, key);
    await gateway.log.answer(first.body.runId, key, runStarted());
    expect(await findRequest(gateway.hub, key)).not.toBeNull();
    expect((await submit({}, key)).body).toEqual(first.body);
    expect((await pending()).filter(({ requestId }) => requestId === key)).toEqual([]);
  });

  test.each([
    ['another input', { input: { requirements: 'count letters' } }],
    ['a label more', { labels: { team: 'red' } }],
    ['another run id', { runId: randomUUID() }],
    ['a body that is wrong by itself', { workflow: 'three-steps' }],
  ])('with %s is refused', async (_, changes) => {
    const key = randomUUID();
    await submit({}, key);
    expect(await submit(changes, key)).toMatchObject({ status: 422, body: { code: 'idempotency-conflict' } });
  });

  test('many times at once is one run', async () => {
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 8 }, () => submit({}, key)));
    expect(new Set(answers.map((answer) => JSON.stringify([answer.status, answer.body]))).size).toBe(1);
    expect((await pending()).filter(({ requestId }) => requestId === key)).toHaveLength(1);
  });

  test('at once with different bodies is one run, and refusals', async () => {
    const key = randomUUID();
    const answers = await Promise.all(['a', 'b', 'c'].map((requirements) => submit({ input: { requirements } }, key)));
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 422, 422]);
  });

  test('of a producer that sent it straight to the queue is the same run when it asked for the same', async () => {
    const requestId = randomUUID();
    const runId = runIdOfRequest(requestId);
    await gateway.log.answer(runId, requestId, runStarted({ requestId, input: body.input }));
    expect(await submit({}, requestId)).toMatchObject({ status: 202, body: { runId } });

    const other = randomUUID();
    await gateway.log.answer(
      runIdOfRequest(other),
      other,
      runStarted({ requestId: other, input: { requirements: 'else' } }),
    );
    expect(await submit({}, other)).toMatchObject({ status: 422, body: { code: 'idempotency-conflict' } });
  });

  test('after the hub put the submission aside is a new try', async () => {
    const key = randomUUID();
    const { runId } = (await submit({}, key)).body;
    const letter = {
      source: 'inbox',
      name: 'submit',
      reason: 'There is no workflow two-steps.',
      message: '{}',
      requestId: key,
    };
    await recordDeadLetter(gateway.hub, letter);
    const rejected = await gateway.get(`/v1/runs/${runId}`);
    expect(rejected).toMatchObject({
      status: 404,
      body: { code: 'run-rejected', detail: expect.stringContaining('There is no workflow') },
    });
    expect((await submit({}, key)).status).toBe(202);
    expect((await gateway.get(`/v1/runs/${runId}`)).body).toMatchObject({ status: 'accepted' });
  });
});

describe('a submission is refused', () => {
  test.each([
    ['without a workflow', { workflow: undefined }, ['/workflow']],
    ['with a workflow that is no name', { workflow: 'Two Steps' }, ['/workflow']],
    ['with an input that is no object', { input: 'count words' }, ['/input']],
    ['with an unknown property', { labls: {} }, ['/labls']],
    ['with a wrong label', { labels: { a: 1 } }, ['/labels/a']],
    ['with several mistakes', { priority: 9, budget: { usd: -1 } }, ['/priority', '/budget/usd']],
  ])('%s', async (_, changes, pointers) => {
    const answer = await submit(changes);
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid-body', status: 422 } });
    expect(answer.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(pointers);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });

  test.each(['three-steps', 'two-steps@9.9.9'])('for the unknown workflow %s', async (workflow) => {
    expect(await submit({ workflow })).toMatchObject({
      status: 422,
      body: {
        code: 'unknown-workflow',
        next: expect.stringContaining('two-steps'),
        errors: [{ pointer: '/workflow' }],
      },
    });
  });

  test('with input that fails the schema of the workflow, at its place', async () => {
    const answer = await submit({ input: { language: 'cobol', requirement: 'x' } });
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid-input' } });
    expect(answer.body.errors).toEqual(
      expect.arrayContaining([
        { pointer: '/input/requirements', detail: 'is required' },
        { pointer: '/input/requirement', detail: 'is not a known property' },
        { pointer: '/input/language', detail: 'must be one of ["typescript","python"]' },
      ]),
    );
  });

  test('and leaves no trace: its request id is free', async () => {
    const key = randomUUID();
    expect((await submit({ workflow: 'three-steps' }, key)).status).toBe(422);
    expect((await submit({}, key)).status).toBe(202);
  });
});

describe('with the queue server away', () => {
  test('a submission is accepted all the same, and everything that reads works', async () => {
    const without = await startTestGateway(inject('postgresUrl'), { redisUrl: 'redis://127.0.0.1:1' });
    try {
      const answer = await without.post('/v1/runs', body);
      expect(answer.status).toBe(202);
      const requests = await pendingRequests(without.hub, { limit: 10 });
      expect(requests).toMatchObject([{ requestId: answer.body.requestId }]);
      expect((await without.get('/v1/runs')).body.runs).toHaveLength(1);
      expect(await without.get('/v1/queues')).toMatchObject({ status: 503, body: { code: 'queue-unreachable' } });
      expect(await without.bare('/readyz')).toMatchObject({
        status: 503,
        body: { checks: { queues: expect.not.stringMatching(/^ok$/), postgres: 'ok' } },
      });
      await until('the log line', () => without.lines.some((line) => line.includes('stored but not sent')));
    } finally {
      await without.stop();
    }
  });
});
