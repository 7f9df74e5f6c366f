import { randomUUID } from 'node:crypto';
import type { JsonObject, PatternReport, RecommendationReport } from '@baton/contracts';
import { until } from '@baton/read-model/testing';
import { parseWorkflowDocument, type WorkflowDocument } from '@baton/workflow';
import { type Scenario, scenario } from '@baton/workflow/testing/runs';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../testing/test-gateway.js';

/*
 * Runs that the engine itself decides, with scripted workers and a scripted advisor, in a log of their own: what is recommended
 * from them is held to what the back-test says to anybody.
 */

const COST = { usage: { inputTokens: 10, outputTokens: 10, costUsd: 0.01 }, model: 'm1' };
const work = (kind: string, over: JsonObject): JsonObject => ({
  ...{ Type: 'Task', Resource: `baton:worker:${kind}` },
  ...over,
});
const States: JsonObject = {
  Begin: {
    Type: 'Pass',
    Assign: { round: 1, limits: { rounds: 6 }, thresholds: { alignment: 9, style: 3 } },
    Next: 'Check',
  },
  Check: work('validator', { Assign: { scores: '{% $states.result %}' }, Next: 'Good' }),
  Good: {
    Type: 'Choice',
    Choices: [
      {
        Condition: '{% $scores.alignment >= $thresholds.alignment and $scores.style >= $thresholds.style %}',
        Next: 'Done',
      },
      { Condition: '{% $round >= $limits.rounds %}', Next: 'Stuck' },
    ],
    Default: 'Refine',
  },
  Refine: work('programmer', { Assign: { round: '{% $round + 1 %}' }, Next: 'Check' }),
  Done: { Type: 'Succeed' },
  Stuck: { Type: 'Fail', Error: 'Stuck' },
};
const at = {
  ...{ state: 'Good', phase: 'code', scores: '{% $scores %}', thresholds: '{% $thresholds %}' },
  ...{ round: '{% $round %}', maxRounds: '{% $limits.rounds %}' },
};
const FLAKY: JsonObject = {
  Work: work('planner', { Retry: [{ ErrorEquals: ['Flaky'], MaxAttempts: 2, IntervalSeconds: 1 }], End: true }),
};

function documentOf(name: string, states: JsonObject, decisions?: JsonObject): WorkflowDocument {
  const definition = { QueryLanguage: 'JSONata', StartAt: Object.keys(states)[0] ?? '', States: states };
  const around = decisions === undefined ? {} : { decisions, phases: [{ name: 'code', states: Object.keys(states) }] };
  const parsed = parseWorkflowDocument({ name, version: '1.0.0', title: name, definition, ...around });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
  return parsed.document;
}

interface Round {
  readonly alignment: number;
  readonly advice?: string;
}

async function played(name: string, mode: string, rounds: readonly Round[]): Promise<Scenario> {
  const run = scenario(documentOf(name, States, { mode, at: [at] }));
  await run.start();
  for (const [index, { alignment, advice }] of rounds.entries()) {
    if (index > 0) await run.succeed('Refine', {}, COST);
    await run.succeed('Check', { alignment, style: 8 }, COST);
    if (advice === undefined) continue;
    const output = { move: advice, rationale: 'as I see it', confidence: 0.7, concerns: [] };
    await run.when({ type: 'CompleteTask', commandId: run.advisor().commandId, output });
  }
  return run;
}

let gateway: TestGateway;
/** Over all runs: to look is the work of a second. */
let all: RecommendationReport;

/** The same run under other ids, which its log has in many places. */
async function append(run: Scenario, times: number): Promise<void> {
  const text = JSON.stringify(run.log());
  const id = run.eventsOf('TaskScheduled')[0]?.data.commandId.slice(0, randomUUID().length) ?? '';
  for (let left = times; left > 0; left -= 1) {
    const runId = randomUUID();
    await gateway.log.append(runId, ...JSON.parse(text.replaceAll(id, runId)));
  }
}

beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'));
  await append(await played('polite', 'programmatic', [{ alignment: 5 }, { alignment: 9.5 }]), 10);
  const scores = [8, 8.1, 8.2, 8.3, 8.4, 8.5];
  await append(
    await played(
      'strict',
      'programmatic',
      scores.map((alignment) => ({ alignment })),
    ),
    4,
  );
  await append(await played('advised', 'llm', [{ alignment: 5, advice: 'go:Done' }]), 12);
  await append(await played('advised', 'llm', [{ alignment: 9.5, advice: 'go:Done' }]), 12);
  const flaky = scenario(documentOf('flaky', FLAKY));
  await flaky.start();
  for (let attempt = 0; attempt < 3; attempt += 1) await flaky.fail('Work', 'Flaky');
  await append(flaky, 6);
  await until('the runs to be folded', async () => {
    const { body } = await gateway.get('/v1/runs?limit=100');
    return body.runs.length === 44 && body.runs.every((run: { endedAt: string | null }) => run.endedAt !== null);
  });
  all = await recommended();
});
afterAll(() => gateway?.stop());

const recommended = async (query = ''): Promise<RecommendationReport> => {
  const { status, body } = await gateway.get(`/v1/recommendations${query}`);
  expect(status).toBe(200);
  return body;
};

describe('GET /v1/recommendations', () => {
  test('says what recorded runs show, with the sample of each', () => {
    const { recommendations, window, looked } = all;
    expect(window).toMatchObject({ workflow: null, since: null, runs: 44, decisions: 74, runsRead: 44, isCut: false });
    expect(recommendations.map(({ kind, subject, evidence }) => [kind, subject, evidence.n])).toEqual(
      expect.arrayContaining([
        ['threshold-idle', { workflow: 'polite', dimension: 'style' }, 20],
        ['threshold-idle', { workflow: 'strict', dimension: 'style' }, 24],
        ['threshold-idle', { workflow: 'advised', dimension: 'style' }, 24],
        ['threshold-decides-all', { workflow: 'strict', dimension: 'alignment' }, 24],
        ['rule-overruled', { workflow: 'advised', kind: 'choice', state: 'Good', rule: 'go:Refine' }, 12],
        ['retries-never-help', { workflow: 'flaky', state: 'Work', error: 'Flaky' }, 12],
      ]),
    );
    expect(looked.find(({ kind }) => kind === 'rule-overruled')).toMatchObject({ looked: 2, tooFew: 0 });
    expect(looked.find(({ kind }) => kind === 'judge-passes-failures')).toMatchObject({ looked: 0, tooFew: 0 });
  });

  test('of a time since which nothing has happened has looked at nothing, in a window that ends where it begins', async () => {
    const since = new Date().toISOString();
    const { window } = await recommended(`?since=${since}`);
    expect(window).toMatchObject({ until: since, runs: 0, decisions: 0, runsRead: 0 });
  });

  test('gives out policies that the back-test takes as they are, and finds the very figures', async () => {
    const { recommendations, window } = all;
    const tried = recommendations.filter(({ policy }) => policy !== null);
    expect(tried.length).toBeGreaterThan(4);
    for (const { policy, backtest, subject } of tried) {
      const scope = new URLSearchParams({ workflow: subject.workflow ?? '', until: window.until });
      const { status, body } = await gateway.post(`/v1/decisions/backtest?${scope}`, policy);
      expect(status).toBe(200);
      expect(body).toMatchObject({ runs: backtest?.runs, decisions: backtest?.decisions, counts: backtest?.counts });
      expect(body.counts['other-move']).toBe(backtest?.differing);
    }
  });

  test('says what a threshold that decides everything costs', () => {
    expect(all.recommendations.find(({ kind }) => kind === 'threshold-decides-all')).toMatchObject({
      policy: { thresholds: { alignment: 8.2 } },
      evidence: { share: { count: 24, of: 24 }, counts: { alone: 24, differing: 16 } },
      backtest: { runs: 4, decisions: 24, differing: 16, first: 4 },
      // A round is a refinement and a check, of a cent each.
      effect: { costUsd: { mean: expect.closeTo(0.02, 9), n: 4 } },
      confidence: expect.closeTo(0.862, 3),
    });
  });

  test('names the exact change of a document', () => {
    const changeOf = (kind: string) => all.recommendations.find((each) => each.kind === kind)?.change;
    expect(changeOf('rule-overruled')).toEqual({
      ...{ in: 'workflow', workflow: 'advised', version: '1.0.0', op: 'replace' },
      ...{ path: '/definition/States/Good/Default', value: 'Done' },
    });
    expect(changeOf('retries-never-help')).toEqual({
      ...{ in: 'workflow', workflow: 'flaky', version: '1.0.0', op: 'add' },
      ...{ path: '/definition/States/Work/Retry/0', value: { ErrorEquals: ['Flaky'], MaxAttempts: 0 } },
    });
  });

  test('recommends the same under the same id, and nothing from a few runs', async () => {
    const { recommendations } = await recommended('?workflow=polite');
    const ofPolite = all.recommendations.filter(({ subject }) => subject.workflow === 'polite');
    expect(recommendations.map(({ id }) => id)).toEqual(ofPolite.map(({ id }) => id));
    const few = await recommended('?workflow=polite&runs=5');
    expect(few).toMatchObject({ recommendations: [], window: { runs: 5, decisions: 10, runsRead: 5, isCut: true } });
    expect(few.looked.find(({ kind }) => kind === 'threshold-idle')).toMatchObject({ looked: 2, tooFew: 2, least: 20 });
  });

  test('finds nothing where there is nothing', async () => {
    expect(await recommended('?since=2999-01-01')).toMatchObject({
      ...{ recommendations: [], window: { runs: 0, decisions: 0, runsRead: 0 } },
    });
  });

  test.each([
    ['runs=0', 'runs'],
    ['runs=2001', 'runs'],
    ['since=yesterday', 'since'],
    ['workflow=..', 'workflow'],
    ['colour=red', 'colour'],
  ])('refuses %s', async (query, pointer) => {
    for (const path of ['/v1/recommendations', '/v1/decisions/patterns']) {
      // Refused before any thread is asked.
      expect(await gateway.get(`${path}?${query}`)).toMatchObject({ status: 400, body: { errors: [{ pointer }] } });
    }
  });
});

test('GET /v1/decisions/patterns says which facts go with the rule being overruled', async () => {
  const { status, body } = await gateway.get('/v1/decisions/patterns?workflow=advised');
  expect(status).toBe(200);
  const { overrides, bySource, patterns, window }: PatternReport = body;
  expect({ overrides, bySource }).toMatchObject({ overrides: { count: 12, of: 24 }, bySource: { advisor: 12 } });
  expect(window).toMatchObject({ runs: 24, decisions: 24 });
  const below = patterns.find(({ facts }) => facts.join() === 'score: alignment is below its threshold');
  // All twelve with it and none of twelve without: twice as often as over all, and of 24!/(12!·12!) tables two are as far apart.
  expect(below).toMatchObject({ withFacts: { count: 12, of: 12 }, without: { count: 0, of: 12 }, lift: 2 });
  expect(below?.p).toBeCloseTo(2 / 2_704_156, 9);
  const [example] = below?.examples ?? [];
  expect(example?.decisionId).toBe(`${example?.runId}-d1`);
});
