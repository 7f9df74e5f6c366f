import { randomUUID } from 'node:crypto';
import { RunAccepted, RunView, runIdOfRequest } from '@baton/contracts';
import { pendingRequests, recordDeadLetter } from '@baton/event-store';
import { runStarted } from '@baton/read-model/testing';
import type { RunEvent } from '@baton/workflow';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Answer, startTestGateway, type TestGateway } from '../testing/test-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'));
});
afterAll(() => gateway?.stop());

const actor = { type: 'apikey', id: 'local-admin' };
const failed: RunEvent = { type: 'RunFailed', data: { error: 'E', cause: 'c' } };
const succeeded: RunEvent = { type: 'RunSucceeded', data: { output: {} } };
const paused: RunEvent = { type: 'RunPaused', data: { requestId: 'p', reason: '' } };
const resumed: RunEvent = { type: 'RunResumed', data: { requestId: 'r' } };

async function begin(...events: readonly RunEvent[]): Promise<string> {
  const runId = randomUUID();
  await gateway.log.append(runId, runStarted(), ...events);
  return runId;
}
const ask = (runId: string, what: string, body: object = {}, key?: string): Promise<Answer> =>
  gateway.post(`/v1/runs/${runId}/${what}`, body, key === undefined ? {} : { 'idempotency-key': key });
const stored = async (requestId: string) =>
  (await pendingRequests(gateway.hub, { limit: 1_000 })).find((request) => request.requestId === requestId);

describe.each<[string, string, readonly RunEvent[], object]>([
  ['pause', 'pause', [], { reason: 'maintenance' }],
  ['resume', 'resume', [paused], {}],
  ['retry', 'retry', [failed], { reason: 'the model is back' }],
  ['signals', 'signal', [], { name: 'go', data: { by: 'truck' } }],
])('POST /v1/runs/{id}/%s', (what, name, events, body) => {
  test('stores the request for the hub, with who asked', async () => {
    const runId = await begin(...events);
    const answer = await ask(runId.slice(0, 18), what, body);
    expect(answer.status).toBe(202);
    expect(answer.headers.get('location')).toBe(`/v1/runs/${runId}`);
    const { requestId } = RunAccepted.parse(answer.body);
    expect(await stored(requestId)).toEqual({
      acceptedAt: expect.any(String),
      isVouched: true,
      ...{ requestId, name, message: { requestId, runId, ...body, actor } },
    });
  });

  test('again with the same key gets the same answer, and another body with it is refused', async () => {
    const runId = await begin(...events);
    const key = randomUUID();
    const first = await ask(runId, what, body, key);
    // What it asked for has happened, and the run has moved on.
    await gateway.log.answer(runId, key, succeeded);
    expect(await ask(runId, what, body, key)).toMatchObject({ status: 202, body: first.body });
    const other = {
      ...body,
      ...(what === 'resume' ? { requestId: 'x' } : what === 'signals' ? { data: 1 } : { reason: 'y' }),
    };
    expect(await ask(runId, what, other, key)).toMatchObject({ status: 422, body: { code: 'idempotency-conflict' } });
    const elsewhere = await begin(...events);
    expect((await ask(elsewhere, what, body, key)).status).toBe(422);
  });

  test('is refused for no run, a run that has not begun, and an unknown property', async () => {
    expect(await ask(randomUUID(), what, body)).toMatchObject({ status: 404, body: { code: 'run-not-found' } });
    const submission = { workflow: 'two-steps', input: { requirements: 'x' } };
    const { runId } = (await gateway.post('/v1/runs', submission)).body;
    expect(await ask(runId, what, body)).toMatchObject({ status: 409, body: { code: 'run-not-started' } });
    expect(await ask(await begin(...events), what, { ...body, resaon: 'x' })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/resaon' }] },
    });
  });
});

test.each<[string, string, readonly RunEvent[], string]>([
  ['pause', 'that is paused', [paused], 'run-not-running'],
  ['pause', 'that has ended', [succeeded], 'run-not-running'],
  ['resume', 'that is running', [], 'run-not-paused'],
  ['resume', 'that was resumed', [paused, resumed], 'run-not-paused'],
  ['resume', 'that has ended', [paused, failed], 'run-not-paused'],
  ['retry', 'that is running', [], 'run-not-failed'],
  ['retry', 'that has succeeded', [succeeded], 'run-not-failed'],
  ['signals', 'that has ended', [failed], 'run-ended'],
  ['cancel', 'that has failed', [failed], 'run-ended'],
])('%s of a run %s is refused, with how the run stands', async (what, _, events, code) => {
  const runId = await begin(...events);
  const answer = await ask(runId, what, what === 'signals' ? { name: 'go' } : {});
  expect(answer).toMatchObject({ status: 409, body: { code, next: expect.any(String) } });
  expect(answer.body.detail).toMatch(new RegExp(`run ${runId} (is running|is paused|has succeeded|has failed)`));
});

test('a paused run can be cancelled and takes signals', async () => {
  const runId = await begin(paused);
  expect((await ask(runId, 'signals', { name: 'go' })).status).toBe(202);
  expect((await ask(runId, 'cancel')).status).toBe(202);
});

test.each([
  [{}, '/name'],
  [{ name: '9 lives' }, '/name'],
])('a signal %j is refused', async (body, pointer) => {
  expect(await ask(await begin(), 'signals', body)).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
});

describe('POST /v1/runs/{id}/fork', () => {
  test('answers with the new run, and shows it until the hub begins it', async () => {
    const runId = await begin(paused);
    const key = randomUUID();
    const answer = await ask(runId, 'fork', { at: 1, labels: { why: 'test' } }, key);
    const forkId = runIdOfRequest(key);
    expect(answer).toMatchObject({ status: 202, body: { runId: forkId, requestId: key } });
    expect(answer.headers.get('location')).toBe(`/v1/runs/${forkId}`);
    const labels = { why: 'test' };
    expect(await stored(key)).toEqual({
      acceptedAt: expect.any(String),
      isVouched: true,
      requestId: key,
      name: 'fork',
      message: { requestId: key, runId, at: 1, forkId, labels, actor },
    });
    expect(RunView.parse((await gateway.get(`/v1/runs/${forkId}`)).body)).toMatchObject({
      status: 'accepted',
      workflow: 'two-steps',
      forkedFrom: { runId, version: 1 },
      labels,
      submittedBy: actor,
    });
    expect((await ask(runId, 'fork', { at: 1, labels }, key)).body).toEqual(answer.body);
    expect((await ask(runId, 'fork', { at: 2, labels }, key)).status).toBe(422);
  });

  test('may choose the new id, once, and of a run that has ended', async () => {
    const runId = await begin(succeeded);
    const forkId = randomUUID();
    expect((await ask(runId, 'fork', { at: 2, forkId: forkId.toUpperCase() })).body).toMatchObject({ runId: forkId });
    expect(await ask(runId, 'fork', { at: 2, forkId })).toMatchObject({
      status: 409,
      body: { code: 'run-exists', errors: [{ pointer: '/forkId' }] },
    });
    expect(await ask(runId, 'fork', { at: 2, forkId: runId })).toMatchObject({ status: 409 });
  });

  test.each([
    [{ at: 3 }, 'no-such-event'],
    [{ at: 0 }, 'invalid-body'],
    [{ at: 1.5 }, 'invalid-body'],
    [{}, 'invalid-body'],
  ])('at an event that is not there is refused: %j', async (body, code) => {
    const runId = await begin(paused);
    expect(await ask(runId, 'fork', body)).toMatchObject({ status: 422, body: { code, errors: [{ pointer: '/at' }] } });
  });

  test('takes what is to be otherwise, and refuses at once what cannot be', async () => {
    const visit = { visit: 0, frame: 0, state: 'Plan' };
    const runId = await begin(
      { type: 'FrameStarted', data: { frame: 0, parent: null, machine: '', input: { requirements: 'x' } } },
      { type: 'StateEntered', data: visit },
      { type: 'StateExited', data: { visit: 0, output: 1, assign: { rounds: 1 }, next: 'Code' } },
    );
    const key = randomUUID();
    expect((await ask(runId, 'fork', { at: 4, set: { rounds: 2 }, input: [1] }, key)).status).toBe(202);
    expect((await stored(key))?.message).toMatchObject({ at: 4, set: { rounds: 2 }, input: [1] });
    expect(await ask(runId, 'fork', { at: 4, set: { round: 2 } })).toMatchObject({
      status: 422,
      body: {
        code: 'unknown-variable',
        detail: expect.stringContaining('Did you mean "rounds"?'),
        errors: [{ pointer: '/set/round' }],
      },
    });
    expect(await ask(runId, 'fork', { at: 2, input: { requirement: 'y' } })).toMatchObject({
      status: 422,
      body: {
        code: 'invalid-input',
        errors: expect.arrayContaining([{ pointer: expect.stringMatching(/^\/input/), detail: expect.any(String) }]),
      },
    });
    expect((await ask(runId, 'fork', { at: 2, input: { requirements: 'y' } })).status).toBe(202);
  });

  test('of a run that has not begun is refused', async () => {
    const submission = { workflow: 'two-steps', input: { requirements: 'x' } };
    const { runId } = (await gateway.post('/v1/runs', submission)).body;
    expect(await ask(runId, 'fork', { at: 1 })).toMatchObject({ status: 409, body: { code: 'run-not-started' } });
  });

  test('that was put aside says why', async () => {
    const { runId, requestId } = (await ask(await begin(), 'fork', { at: 1 })).body;
    await recordDeadLetter(gateway.hub, {
      source: 'intake',
      name: 'fork',
      reason: 'The id is taken.',
      message: '{}',
      requestId,
    });
    await gateway.hub.query('delete from baton.inbox where request_id = $1', [requestId]);
    expect(await gateway.get(`/v1/runs/${runId}`)).toMatchObject({
      status: 404,
      body: { code: 'run-rejected', detail: expect.stringContaining('The id is taken.') },
    });
  });
});

test('a rating is of a state that the workflow of the run has', async () => {
  const runId = await begin(succeeded);
  expect((await ask(runId, 'ratings', { score: 2, state: 'Plan' })).status).toBe(202);
  expect(await ask(runId, 'ratings', { score: 2, state: 'Pln' })).toMatchObject({
    status: 422,
    body: {
      code: 'cannot-be-rated',
      detail: expect.stringContaining('Did you mean "Plan"?'),
      errors: [{ pointer: '/state' }],
    },
  });
});
