import { randomUUID } from 'node:crypto';
import { runStarted, until } from '@baton/read-model/testing';
import type { RunEvent } from '@baton/workflow';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../testing/test-gateway.js';

let gateway: TestGateway;
const open = randomUUID();
const odd = randomUUID();

const began = (id: string): RunEvent => runStarted({ submittedBy: { type: 'apikey', id } });
const entered: RunEvent = { type: 'StateEntered', data: { visit: 1, frame: 0, state: 'Plan' } };
const failed: RunEvent = {
  type: 'TaskFailed',
  data: { visit: 1, commandId: `${odd}-1`, error: 'E', cause: '', retryable: true },
};
const ended: RunEvent = { type: 'RunSucceeded', data: { output: null } };

beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'));
  for (let n = 0; n < 20; n++) await gateway.log.append(randomUUID(), began(n < 9 ? 'ci' : 'somebody'), entered, ended);
  await gateway.log.append(odd, began('ci'), entered, failed, ended);
  await gateway.log.append(open, began('ci'), entered);
  await until('the runs to be folded', async () => (await gateway.get('/v1/usage')).body.total.runs === 22);
});
afterAll(() => gateway?.stop());

const scoped = async (name: string): Promise<Record<string, string>> => {
  const made = await gateway.post('/v1/auth/keys', { name, roles: ['viewer'], scope: { own: true } });
  return { authorization: `Bearer ${made.body.key}` };
};

describe('what is expected', () => {
  test('is said of a workflow, with its sample and its steps', async () => {
    const { status, body } = await gateway.get(
      '/v1/foresight/expectations?workflow=two-steps&version=1.0.0&inputBytes=40',
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({
      expectation: { status: 'known', from: 'version-and-size', sampleSize: 21, success: { rate: 1 } },
      steps: [{ state: 'Plan', sampleSize: 21 }],
    });
    const unknown = await gateway.get('/v1/foresight/expectations?workflow=unheard-of');
    expect(unknown.body.expectation).toEqual({ status: 'not-enough', sampleSize: 0, needed: 9 });
  });

  test('is said of a run, found by the beginning of its id, and of one that has ended beside what came', async () => {
    const { body } = await gateway.get(`/v1/foresight/expectations/${open.slice(0, 18)}`);
    expect(body).toMatchObject({ runId: open, atStart: { sampleSize: 21 }, now: { elapsedMs: expect.any(Number) } });
    const past = await gateway.get(`/v1/foresight/expectations/${odd}`);
    expect(past.body).toMatchObject({ now: null, outcome: { isSuccess: true }, atStart: { sampleSize: 20 } });
  });

  test('is held against what came', async () => {
    const { body } = await gateway.get('/v1/foresight/calibration?workflow=two-steps');
    expect(body).toMatchObject({
      total: { ended: 21, notEnough: 9, duration: { n: 12 }, success: { n: 12, brier: 0 } },
      workflows: [{ workflow: 'two-steps', ended: 21 }],
    });
  });

  test('is for a key of some runs from those alone, and other runs are not there', async () => {
    const headers = await scoped('ci');
    const ask = async (path: string) => (await gateway.bare(path, { headers })).body;
    const asked = '/v1/foresight/expectations?workflow=two-steps&version=1.0.0&inputBytes=40';
    expect((await ask(asked)).expectation).toMatchObject({ sampleSize: 10 });
    expect(await ask(`/v1/foresight/expectations/${open}`)).toMatchObject({ atStart: null });
    // What was expected is made of all runs, and so would be what is said of it.
    expect(await gateway.bare('/v1/foresight/calibration', { headers })).toMatchObject({
      status: 403,
      body: { code: 'out-of-scope' },
    });
    const ofAll = { median: null, deviations: null, sampleSize: null, falseAlarmRate: null };
    expect((await ask('/v1/anomalies')).anomalies).toMatchObject([{ runId: odd, measure: 'errors', ...ofAll }]);
    const others = await scoped('others');
    const hidden = await gateway.bare(`/v1/foresight/expectations/${open}`, { headers: others });
    expect(hidden).toMatchObject({ status: 404, body: { code: 'run-not-found' } });
    expect((await gateway.bare('/v1/anomalies', { headers: others })).body.anomalies).toEqual([]);
  });
});

test('anomalies are listed with what was usual', async () => {
  for (const query of ['', `?run=${odd}`, '?workflow=two-steps&measure=errors&since=2000-01-01']) {
    expect((await gateway.get(`/v1/anomalies${query}`)).body).toMatchObject({
      anomalies: [{ runId: odd, measure: 'errors', direction: 'high', value: 1, median: 0, sampleSize: 20 }],
      next: null,
    });
  }
});

test.each([
  ['/v1/foresight/expectations', 'workflow'],
  ['/v1/foresight/expectations?workflow=w&inputBytes=many', 'inputBytes'],
  ['/v1/foresight/calibration?colour=red', 'colour'],
  ['/v1/anomalies?measure=colour', 'measure'],
  ['/v1/anomalies?cursor=nonsense', 'cursor'],
])('%s is refused', async (path, pointer) => {
  expect(await gateway.get(path)).toMatchObject({ status: 400, body: { errors: [{ pointer }] } });
});
