import { randomUUID } from 'node:crypto';
import { RunAccepted, RunDetail, RunResult, RunStateView, RunView } from '@baton/contracts';
import { pendingRequests, recordDeadLetter } from '@baton/event-store';
import { runStarted } from '@baton/read-model/testing';
import { type RunEvent, rebuild, stateToJson } from '@baton/workflow';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../testing/test-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'));
});
afterAll(() => gateway?.stop());

const entered: RunEvent = { type: 'StateEntered', data: { visit: 0, frame: 0, state: 'Plan' } };
const frame: RunEvent = { type: 'FrameStarted', data: { frame: 0, parent: null, machine: '', input: {} } };
const succeeded: RunEvent = { type: 'RunSucceeded', data: { output: { files: ['a.ts'] } } };

async function begin(...events: readonly RunEvent[]): Promise<string> {
  const runId = randomUUID();
  await gateway.log.append(runId, runStarted(), ...events);
  return runId;
}

describe('GET /v1/runs/{id}', () => {
  test('shows a run, with its version as the tag', async () => {
    const runId = await begin(frame, entered);
    const answer = await gateway.get(`/v1/runs/${runId}`);
    expect(answer.status).toBe(200);
    expect(RunView.parse(answer.body)).toMatchObject({ runId, status: 'running', version: 3, currentStates: ['Plan'] });
    expect(answer.headers.get('etag')).toBe('"v3"');
  });

  test('finds a run by the beginning of its id, in any case', async () => {
    const runId = await begin();
    expect((await gateway.get(`/v1/runs/${runId.slice(0, 13).toUpperCase()}`)).body).toMatchObject({ runId });
  });

  test('says what was put aside of a run that is still to end', async () => {
    const runId = await begin();
    expect((await gateway.get(`/v1/runs/${runId}`)).body).toMatchObject({ deadLetter: null });
    const letter = { source: 'hub', name: 'deadline', message: '{}', runId };
    await recordDeadLetter(gateway.hub, { ...letter, reason: 'it ended its process three times' });
    const { body } = await gateway.get(`/v1/runs/${runId}`);
    expect(RunDetail.parse(body).deadLetter).toMatchObject({
      source: 'hub',
      reason: 'it ended its process three times',
    });
  });

  test('answers 304 without a body while nothing happened, and 200 once something did', async () => {
    const runId = await begin();
    const unchanged = await gateway.get(`/v1/runs/${runId}`, { 'if-none-match': '"v1"' });
    expect(unchanged).toMatchObject({ status: 304, body: null });
    expect(unchanged.headers.get('etag')).toBe('"v1"');
    await gateway.log.append(runId, frame);
    expect(await gateway.get(`/v1/runs/${runId}`, { 'if-none-match': '"v1"' })).toMatchObject({
      status: 200,
      body: { version: 2 },
    });
  });

  test('says which runs a prefix could mean', async () => {
    const [a, b] = [`eeee${randomUUID().slice(4)}`, `eeee${randomUUID().slice(4)}`];
    await gateway.log.append(a, runStarted());
    await gateway.log.append(b, runStarted());
    const answer = await gateway.get('/v1/runs/eeee');
    expect(answer).toMatchObject({ status: 409, body: { code: 'run-id-ambiguous', next: 'Give more of the id.' } });
    expect(answer.body.detail).toContain(a);
  });

  test.each([randomUUID(), 'zzz', '%20', `'%20or%201=1`, 'a%00b', '..%2f..'])('%s is no run', async (id) => {
    expect(await gateway.get(`/v1/runs/${id}`)).toMatchObject({ status: 404, body: { code: 'run-not-found' } });
  });
});

describe('GET /v1/runs/{id}/result', () => {
  test('is the output of a run that succeeded', async () => {
    const runId = await begin(succeeded);
    const { body } = await gateway.get(`/v1/runs/${runId}/result`);
    expect(RunResult.parse(body)).toEqual({
      runId,
      unfinished: null,
      status: 'succeeded',
      output: { files: ['a.ts'] },
      error: null,
      cause: null,
      knowledge: [],
    });
  });

  test('says what its tasks read of the documentation, by the state that asked, also where they failed', async () => {
    const read = {
      source: 'docs/a.md',
      sha256: 'a'.repeat(64),
      bytes: 9,
      at: '2026-11-27T12:00:00.000Z',
      shownBytes: 4,
    };
    const knowledge = {
      read: [read],
      leftOut: [{ location: '../b', reason: 'no: name c' }],
      searched: { sources: 1, bytes: 9 },
    };
    const nothing = { read: [], leftOut: [], searched: { sources: 0, bytes: 0 } };
    const task = (visit: number, output: string): RunEvent => ({
      type: 'TaskSucceeded',
      data: { visit, commandId: `${randomUUID()}-${visit + 1}`, output },
    });
    const review: RunEvent = { type: 'StateEntered', data: { visit: 1, frame: 0, state: 'Review' } };
    const failed: RunEvent = {
      type: 'TaskFailed',
      data: { visit: 1, commandId: `${randomUUID()}-1`, error: 'E', cause: 'c', retryable: false, knowledge: nothing },
    };
    const planned = task(0, 'plan');
    if (planned.type !== 'TaskSucceeded') throw new Error('it is another event');
    const runId = await begin(
      frame,
      entered,
      { ...planned, data: { ...planned.data, knowledge } },
      task(0, 'without'),
      review,
      failed,
      succeeded,
    );
    const { body } = await gateway.get(`/v1/runs/${runId}/result`);
    expect(RunResult.parse(body).knowledge).toEqual([
      { state: 'Plan', ...knowledge },
      { state: 'Review', ...nothing },
    ]);
  });

  test('says why a run failed or was cancelled', async () => {
    const failed = await begin({ type: 'RunFailed', data: { error: 'Baton.NotConverged', cause: 'no more rounds' } });
    expect((await gateway.get(`/v1/runs/${failed}/result`)).body).toMatchObject({
      status: 'failed',
      error: 'Baton.NotConverged',
      cause: 'no more rounds',
    });
    const cancelled = await begin({ type: 'RunCancelled', data: { reason: 'enough', requestId: 'r' } });
    expect((await gateway.get(`/v1/runs/${cancelled}/result`)).body).toMatchObject({
      status: 'cancelled',
      cause: 'enough',
    });
  });

  test('is refused while the run is not finished', async () => {
    const runId = await begin();
    expect(await gateway.get(`/v1/runs/${runId}/result`)).toMatchObject({
      status: 409,
      body: { code: 'run-not-finished' },
    });
    const accepted = (await gateway.post('/v1/runs', { workflow: 'two-steps', input: { requirements: 'x' } })).body;
    expect(await gateway.get(`/v1/runs/${accepted.runId}/result`)).toMatchObject({
      status: 409,
      body: { code: 'run-not-finished' },
    });
  });
});

describe('GET /v1/runs/{id}/state', () => {
  const events = [runStarted(), frame, entered, succeeded];

  test.each([0, 1, 2, 3, 4])('after %i events is what these events give', async (at) => {
    const runId = await begin(frame, entered, succeeded);
    const { body } = await gateway.get(`/v1/runs/${runId}/state?at=${at}`);
    expect(RunStateView.parse(body)).toEqual({ runId, at, of: 4, state: stateToJson(rebuild(events.slice(0, at))) });
  });

  test('is that of now by default, although the read model knows nothing', async () => {
    const runId = await begin(frame, entered, succeeded);
    expect((await gateway.get(`/v1/runs/${runId}/state`)).body).toMatchObject({
      at: 4,
      of: 4,
      state: { status: 'succeeded' },
    });
  });

  test.each(['5', '-1', 'x', '1.5'])('refuses at=%s', async (at) => {
    const runId = await begin(frame, entered, succeeded);
    expect(await gateway.get(`/v1/runs/${runId}/state?at=${at}`)).toMatchObject({
      status: 400,
      body: { code: 'invalid-parameter', errors: [{ pointer: 'at' }] },
    });
  });
});

describe('POST /v1/runs/{id}/cancel', () => {
  const pending = async (requestId: string) =>
    (await pendingRequests(gateway.hub, { limit: 1_000 })).filter((request) => request.requestId === requestId);

  test('stores the request for the hub, with who asked and why', async () => {
    const runId = await begin();
    const answer = await gateway.post(`/v1/runs/${runId.slice(0, 18)}/cancel`, { reason: 'not needed' });
    expect(answer.status).toBe(202);
    const { requestId } = RunAccepted.parse(answer.body);
    expect(await pending(requestId)).toEqual([
      {
        acceptedAt: expect.any(String),
        isVouched: true,
        requestId,
        name: 'cancel',
        message: { requestId, runId, reason: 'not needed', actor: { type: 'apikey', id: 'local-admin' } },
      },
    ]);
  });

  test('needs no body', async () => {
    const runId = await begin();
    expect((await gateway.post(`/v1/runs/${runId}/cancel`)).status).toBe(202);
  });

  test('again with the same key gets the same answer, also when the run has ended by it', async () => {
    const runId = await begin();
    const key = randomUUID();
    const first = await gateway.post(`/v1/runs/${runId}/cancel`, {}, { 'idempotency-key': key });
    await gateway.log.answer(runId, key, { type: 'RunCancelled', data: { reason: '', requestId: key } });
    const again = await gateway.post(`/v1/runs/${runId}/cancel`, {}, { 'idempotency-key': key });
    expect(again).toMatchObject({ status: 202, body: first.body });
    const other = await gateway.post(`/v1/runs/${runId}/cancel`, { reason: 'else' }, { 'idempotency-key': key });
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency-conflict' } });
  });

  test('is refused for a run that has ended', async () => {
    const runId = await begin(succeeded);
    expect(await gateway.post(`/v1/runs/${runId}/cancel`)).toMatchObject({ status: 409, body: { code: 'run-ended' } });
  });

  test('is taken for a run that has not begun', async () => {
    const { runId } = (await gateway.post('/v1/runs', { workflow: 'two-steps', input: { requirements: 'x' } })).body;
    expect(await gateway.post(`/v1/runs/${runId}/cancel`)).toMatchObject({ status: 202, body: { runId } });
  });

  test('is refused for a run that does not exist, and with a body that is wrong', async () => {
    expect(await gateway.post(`/v1/runs/${randomUUID()}/cancel`)).toMatchObject({
      status: 404,
      body: { code: 'run-not-found' },
    });
    const runId = await begin();
    expect(await gateway.post(`/v1/runs/${runId}/cancel`, { reason: 5 })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/reason' }] },
    });
  });
});
