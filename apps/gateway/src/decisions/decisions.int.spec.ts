import { decision, runStarted, until } from '@baton/read-model/testing';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../testing/test-gateway.js';

const RUN = '22222222-2222-4222-8222-222222222222';
const facts = { errorCount: 0, thresholds: { alignment: 9 }, maxRounds: 5, failingTools: ['tests'] };
const judges = [{ judge: 'level1', template: 'step5a', model: 'm1', passes: true }];

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'));
  const made = [
    decision({ decisionId: `${RUN}-d1`, facts: { ...facts, judges } }),
    decision({ decisionId: `${RUN}-d2`, source: 'llm_override', classification: 'complex', target: 'Plan' }),
  ];
  await gateway.log.append(
    RUN,
    runStarted(),
    ...made.map((each) => ({ type: 'DecisionMade' as const, data: { decision: each } })),
  );
  await until(
    'the decisions to be folded',
    async () => (await gateway.get('/v1/decisions')).body.decisions.length === 2,
  );
});
afterAll(() => gateway?.stop());

describe('GET /v1/decisions', () => {
  test('lists decisions newest first, page by page', async () => {
    const first = await gateway.get('/v1/decisions?limit=1');
    expect(first).toMatchObject({ status: 200, body: { decisions: [{ decisionId: `${RUN}-d2`, version: 3 }] } });
    const second = await gateway.get(`/v1/decisions?limit=1&cursor=${first.body.next}`);
    expect(second.body).toMatchObject({ decisions: [{ decisionId: `${RUN}-d1` }], next: null });
  });

  test.each([
    ['run=22222222', 2],
    ['workflow=two-steps', 2],
    ['source=llm_override', 1],
    ['classification=standard', 1],
    ['actionType=fail', 0],
    ['point=choice', 2],
    ['since=2000-01-01', 2],
    ['since=2999-01-01T00:00:00Z', 0],
    ['until=2999-01-01', 2],
    ['until=2000-01-01T00:00:00Z', 0],
  ])('filters by %s', async (query, count) => {
    expect((await gateway.get(`/v1/decisions?${query}`)).body.decisions).toHaveLength(count);
  });

  test.each([
    ['source=chance', 'source'],
    ['point=nowhere', 'point'],
    ['since=yesterday', 'since'],
    ['cursor=x', 'cursor'],
    ['limit=0', 'limit'],
    ['colour=red', 'colour'],
  ])('refuses %s', async (query, pointer) => {
    const answer = await gateway.get(`/v1/decisions?${query}`);
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer }] } });
  });

  test('knows no run that is not there, and needs the token', async () => {
    expect((await gateway.get('/v1/decisions?run=dead')).status).toBe(404);
    expect((await gateway.bare('/v1/decisions')).status).toBe(401);
  });
});

test.each([
  ['since=2000-01-01&until=2999-01-01', 2, 1],
  ['until=2000-01-01', 0, 0],
  ['since=2999-01-01', 0, 0],
])('judges and policies are held to the decisions of a range: %s', async (query, decisions, judged) => {
  expect((await gateway.get(`/v1/decisions/judges?${query}`)).body.judges).toHaveLength(judged);
  const { body } = await gateway.post(`/v1/decisions/backtest?${query}`, { mode: 'llm' });
  expect(body.decisions).toBe(decisions);
});

test('GET /v1/decisions/judges holds the judges to the tools', async () => {
  expect((await gateway.get('/v1/decisions/judges?workflow=two-steps')).body).toEqual({
    judges: [
      {
        ...{ template: 'step5a', variant: null, model: 'm1', n: 1, agreement: 0, kappa: 0, kappaUndefined: null },
        ...{ falsePasses: 1, falseAlarms: 0 },
      },
    ],
  });
});

describe('POST /v1/decisions/backtest', () => {
  test('reports, and says what a log cannot tell', async () => {
    const { status, body } = await gateway.post('/v1/decisions/backtest', { mode: 'llm' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ runs: 1, decisions: 2, counts: { 'not-replayed': 2 }, next: null });
    expect(body.differing[0].note).toContain('the log does not tell');
  });

  test('takes a policy in YAML', async () => {
    const yaml = { 'content-type': 'application/yaml' };
    expect((await gateway.post('/v1/decisions/backtest', 'mode: shadow\n', yaml)).status).toBe(200);
  });

  test.each<[object, string, string]>([
    [{ thresholds: { alignment: 10.5 } }, '/thresholds/alignment', 'nothing ever reaches'],
    [{ thresholds: { beauty: 5 } }, '/thresholds/beauty', 'there are alignment'],
    [{ mode: 'magic' }, '/mode', 'must be one of'],
    [{ limits: { errors: -1 } }, '/limits/errors', 'at least 0'],
    [{ maxRound: 3 }, '/maxRound', 'is not known here; did you mean'],
    [{ recovery: { strategies: [] } }, '/recovery/strategies', ''],
  ])('refuses %j with pointer and reason', async (policy, pointer, detail) => {
    const { status, body } = await gateway.post('/v1/decisions/backtest', policy);
    expect(status).toBe(422);
    expect(body.errors).toMatchObject([{ pointer, detail: expect.stringContaining(detail) }]);
  });
});
