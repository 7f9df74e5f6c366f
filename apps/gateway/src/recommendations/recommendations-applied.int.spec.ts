import { randomUUID } from 'node:crypto';
import {
  isJsonObject,
  type Json,
  type JsonObject,
  type Recommendation,
  type RecommendationReport,
} from '@baton/contracts';
import { until } from '@baton/read-model/testing';
import { parseWorkflowDocument, type WorkflowDocument } from '@baton/workflow';
import { type Scenario, scenario } from '@baton/workflow/testing/runs';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../testing/test-gateway.js';

/*
 * Each kind from a real log to what becomes of it: runs that the engine decided, the recommendation, its policy as a file that the
 * back-test takes, and the document or the mode in which the same happens otherwise.
 */

const usage = (costUsd: number) => ({ usage: { inputTokens: 10, outputTokens: 10, costUsd } });
const work = (kind: string, over: JsonObject): JsonObject => ({
  ...{ Type: 'Task', Resource: `baton:worker:${kind}` },
  ...over,
});
const judged: JsonObject = {
  Begin: { Type: 'Pass', Assign: { thresholds: { alignment: 9 } }, Next: 'Check' },
  Check: work('validator', { Assign: { checked: '{% $states.result %}' }, Next: 'Good' }),
  Good: {
    Type: 'Choice',
    Choices: [
      {
        Condition: '{% $checked.scores.alignment >= $thresholds.alignment and $count($checked.failing) = 0 %}',
        Next: 'Done',
      },
      { Condition: '{% $checked.round > 5 %}', Next: 'Stuck' },
    ],
    Default: 'Refine',
  },
  Refine: work('programmer', { Next: 'Check' }),
  Done: { Type: 'Succeed' },
  Stuck: { Type: 'Fail', Error: 'Stuck' },
};
const at = {
  ...{ state: 'Good', phase: 'code', scores: '{% $checked.scores %}', thresholds: '{% $thresholds %}' },
  ...{ failingTools: '{% $checked.failing %}', judges: '{% $checked.judges %}' },
  ...{ round: '{% $checked.round %}', maxRounds: '{% 5 %}' },
};
const asking: JsonObject = { Ask: work('prompt', { Arguments: { prompt: 'Say it.', model: 'dear' }, End: true }) };
const flaky: JsonObject = {
  Work: work('planner', { Retry: [{ ErrorEquals: ['Flaky'], MaxAttempts: 2, IntervalSeconds: 1 }], End: true }),
};

function parsed(document: JsonObject): WorkflowDocument {
  const result = parseWorkflowDocument(document);
  if (!result.ok) throw new Error(JSON.stringify(result.findings));
  return result.document;
}

function documentOf(name: string, states: JsonObject, mode?: string): JsonObject {
  const definition = { QueryLanguage: 'JSONata', StartAt: Object.keys(states)[0] ?? '', States: states };
  const phases = [{ name: 'code', states: Object.keys(states) }];
  return {
    name,
    version: '1.0.0',
    title: name,
    definition,
    ...(mode === undefined ? {} : { phases, decisions: { mode, at: [at] } }),
  };
}

const checked = (model: string, passes: boolean, failing: readonly string[], round: number): JsonObject => ({
  ...{ scores: { alignment: 9.5 }, failing: [...failing], round },
  judges: [{ judge: 'Check', template: 'read@1', model, passes }],
});

/** Of two rounds: a tool fails what the judge of the first says something of, and none in the second. */
async function judgedRun(mode: string, model: string, passes: boolean): Promise<Scenario> {
  const run = scenario(parsed(documentOf('judged', judged, mode)));
  await run.start();
  await run.succeed('Check', checked(model, passes, ['tests'], 1), usage(0.01));
  return run;
}

/** The Choice leads to another round, and the advisor to the end. */
async function advisedRun(document: JsonObject): Promise<Scenario> {
  const run = scenario(parsed(document));
  await run.start();
  await run.succeed('Check', { ...checked('m1', false, [], 1), scores: { alignment: 5 } }, usage(0.01));
  return run;
}

async function flakyRun(document: JsonObject, failures: number): Promise<Scenario> {
  const run = scenario(parsed(document));
  await run.start();
  for (let attempt = 0; attempt < failures; attempt += 1) await run.fail('Work', 'Flaky');
  return run;
}

/** To append a hundred runs and fold them takes long where others work, too. */
const PATIENCE_MS = 120_000;
let gateway: TestGateway;
let report: RecommendationReport;
let appended = 0;

/** The same run under other ids. */
async function append(run: Scenario, times: number): Promise<void> {
  const text = JSON.stringify(run.log());
  const id = run.eventsOf('TaskScheduled')[0]?.data.commandId.slice(0, randomUUID().length) ?? '';
  for (let left = times; left > 0; left -= 1) {
    const runId = randomUUID();
    await gateway.log.append(runId, ...JSON.parse(text.replaceAll(id, runId)));
    appended += 1;
  }
}

beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'));
  for (const [model, passes] of [
    ['m1', true],
    ['m2', false],
  ] as const) {
    const run = await judgedRun('programmatic', model, passes);
    await run.succeed('Refine', {}, usage(0.01));
    await run.succeed('Check', checked(model, true, [], 2), usage(0.01));
    await append(run, 12);
  }
  const advised = await advisedRun(documentOf('advised', judged, 'llm'));
  const advice = { move: 'go:Done', rationale: 'as I see it', confidence: 0.7, concerns: [] };
  await advised.when({ type: 'CompleteTask', commandId: advised.advisor().commandId, output: advice });
  await append(advised, 12);
  for (const [model, costUsd] of [
    ['dear', 0.05],
    ['cheap', 0.01],
  ] as const) {
    const run = scenario(parsed(documentOf('asking', asking)));
    await run.start();
    await run.succeed('Ask', 'said', { ...usage(costUsd), model });
    await append(run, 36);
  }
  await append(await flakyRun(documentOf('flaky', flaky), 3), 6);
  await until(
    'the runs to be folded',
    async () => (await gateway.get('/v1/usage')).body.total.runs === appended,
    PATIENCE_MS,
  );
  const { status, body } = await gateway.get('/v1/recommendations');
  expect(status).toBe(200);
  report = body;
}, 2 * PATIENCE_MS);
afterAll(() => gateway?.stop());

function recommended(kind: Recommendation['kind'], workflow: string): Recommendation {
  const found = report.recommendations.find((each) => each.kind === kind && each.subject.workflow === workflow);
  if (found === undefined) throw new Error(`${kind} is not recommended: ${JSON.stringify(report.looked)}`);
  return found;
}

/** The policy as the file that is written of it, tried anew. */
async function tried({ policy, backtest }: Recommendation) {
  const text = Object.entries(policy ?? {}).map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`);
  const scope = new URLSearchParams({ workflow: backtest?.workflow ?? '', until: backtest?.until ?? '' });
  const yaml = { 'content-type': 'application/yaml' };
  const { status, body } = await gateway.post(`/v1/decisions/backtest?${scope}`, text.join(''), yaml);
  expect(status).toBe(200);
  expect(body).toMatchObject({ runs: backtest?.runs, decisions: backtest?.decisions, counts: backtest?.counts });
  return body;
}

/** The document with the change that is recommended: one member is set, or put in front of a list. */
function changed(document: JsonObject, change: Recommendation['change']): JsonObject {
  if (change?.in !== 'workflow') throw new Error('no change of a workflow is named');
  const member: Json = JSON.parse(JSON.stringify(change.value));
  const put = (value: Json, [name, ...rest]: readonly string[]): Json => {
    if (name === undefined) return member;
    if (Array.isArray(value)) return value.toSpliced(Number(name), 0, member);
    const members = isJsonObject(value) ? value : {};
    return { ...members, [name]: put(members[name] ?? null, rest) };
  };
  const made = put(document, change.path.split('/').slice(1));
  return isJsonObject(made) ? made : {};
}

describe('a judge that passes what tools fail', () => {
  test('is found in the log, and with the policy an advisor is asked there', async () => {
    const found = recommended('judge-passes-failures', 'judged');
    expect(found).toMatchObject({
      subject: { judge: 'Check', template: 'read@1', model: 'm1' },
      evidence: { n: 12, counts: { verdicts: 24, failures: 12, passed: 12, falseAlarms: 0 } },
      policy: { mode: 'hybrid' },
      change: { in: 'setting', name: 'BATON_MODEL_VALIDATOR', value: 'm2' },
    });
    const body = await tried(found);
    expect(body.counts.same).toBeLessThan(body.decisions);
    expect((await judgedRun('hybrid', 'm1', true)).advisor().queue).toBe('worker-advisor');
    const before = await judgedRun('programmatic', 'm1', true);
    expect(before.open().map(({ queue }) => queue)).toEqual(['worker-programmer']);
  });
});

describe('a cheaper model with the same outcomes', () => {
  test('is found in the log, and the document that is changed asks it', async () => {
    const found = recommended('cheaper-model', 'asking');
    expect(found).toMatchObject({
      subject: { state: 'Ask', agent: 'prompt', from: 'dear', to: 'cheap' },
      evidence: { counts: { cheaper: 36, cheaperSucceeded: 36, dearer: 36, dearerSucceeded: 36 } },
      effect: { per: 'run', costUsd: { mean: expect.closeTo(0.04, 9) } },
      ...{ policy: null, backtest: null },
    });
    const run = scenario(parsed(changed(documentOf('asking', asking), found.change)));
    await run.start();
    expect(run.commandOf('Ask').message).toMatchObject({ arguments: { model: 'cheap' } });
  });
});

describe('a step whose retries never help', () => {
  test('is found in the log, and the document that is changed tries once', async () => {
    const found = recommended('retries-never-help', 'flaky');
    expect(found.evidence).toMatchObject({ n: 12 });
    const run = await flakyRun(changed(documentOf('flaky', flaky), found.change), 1);
    expect(run.state()).toMatchObject({ status: 'failed', error: 'Flaky' });
    expect(run.eventsOf('TaskScheduled')).toHaveLength(1);
  });
});

describe('a rule that the advisor always overrules', () => {
  test('is found in the log, and the document that is changed goes there without being told', async () => {
    const found = recommended('rule-overruled', 'advised');
    expect(found).toMatchObject({ subject: { state: 'Good', rule: 'go:Refine' }, policy: { mode: 'programmatic' } });
    expect((await tried(found)).counts['other-move']).toBe(12);
    // Nothing leads to another round any more, which is said: a document with such a state is refused.
    expect(found.why).toContain('nothing leads to Refine any more');
    const { Refine: _, ...others } = judged;
    const run = await advisedRun(changed(documentOf('advised', others, 'programmatic'), found.change));
    expect(run.state()).toMatchObject({ status: 'succeeded' });
  });
});

describe('a threshold that never decides', () => {
  test('is found in the log, and without it everything is decided as it was', async () => {
    const found = recommended('threshold-idle', 'judged');
    expect(found).toMatchObject({ subject: { dimension: 'alignment' }, policy: { thresholds: { alignment: 0 } } });
    expect((await tried(found)).counts['other-move']).toBe(0);
  });
});
