import type { BacktestReport, DecisionView } from '@baton/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Bench } from '../testing/baton.js';
import { RUN_ID } from '../testing/events.js';
import { json, problem } from '../testing/http-server.js';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.start();
});
afterEach(() => bench.stop());

const decision = (change: Partial<DecisionView> = {}): DecisionView => ({
  decisionId: `${RUN_ID}-d1`,
  runId: RUN_ID,
  workflow: 'seven-step',
  version: 12,
  decidedAt: '2026-01-01T00:00:00.000Z',
  point: { kind: 'choice', state: 'PlanConverged' },
  classification: 'standard',
  reasons: [],
  source: 'programmatic',
  actionType: 'invoke_agent',
  target: 'RevisePlan',
  rationale: 'because',
  phase: 'plan',
  round: 1,
  confidence: null,
  recoveryStrategy: null,
  programmaticAlternative: null,
  conflictReason: null,
  adviceRejected: null,
  shadow: null,
  latencyMs: 0,
  costUsd: 0,
  ...change,
});

describe('decisions list', () => {
  test('is a row a decision, with what speaks against it', async () => {
    const shadow = { move: 'human', confidence: 0.7, problem: null, costUsd: 0 };
    const decisions = [
      decision({ shadow }),
      decision({ source: 'programmatic_fallback', adviceRejected: 'no advice came in time', latencyMs: 1_500 }),
      decision({ source: 'llm_override', conflictReason: 'the rule says A', confidence: 0.8, costUsd: null }),
    ];
    bench.routes.set('GET /v1/decisions', (_, response) => json(response, 200, { decisions, next: null }));
    const { stdout, exitCode } = await bench.baton(['decisions', 'list', '--run', '3f2a', '--action', 'fail']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^2026-01-01 00:00:00Z {2}3f2a91c0 {2}12 .* standard .* in shadow: human$/m);
    expect(stdout).toMatch(/ 1\.5 s {2}0\.0000 .* advice not followed: no advice came in time$/m);
    expect(stdout).toMatch(/ 0\.80 .* not known {2}the rule says A$/m);
    expect(bench.server.requests.at(-1)?.path).toBe('/v1/decisions?run=3f2a&actionType=fail&limit=20');
    expect(JSON.parse((await bench.baton(['decisions', 'list', '-o', 'json'])).stdout)).toHaveLength(3);
  });

  test('says so when there is none', async () => {
    bench.routes.set('GET /v1/decisions', (_, response) => json(response, 200, { decisions: [], next: null }));
    expect((await bench.baton(['decisions', 'list'])).stderr).toContain('There is no such decision.');
  });
});

test('decisions judges says in words where κ is not defined', async () => {
  const figures = { n: 4, agreement: 0.75, falsePasses: 1, falseAlarms: 0 };
  const judges = [
    { template: 'step5a', variant: 'strict', model: 'm1', ...figures, kappa: 0.5, kappaUndefined: null },
    { template: null, model: 'm2', ...figures, kappa: null, kappaUndefined: 'judge and tools passed everything' },
  ];
  bench.routes.set('GET /v1/decisions/judges', (_, response) => json(response, 200, { judges }));
  const { stdout } = await bench.baton(['decisions', 'judges', '--since', '2026-01-01']);
  expect(stdout).toMatch(/^step5a {4}strict {3}m1 {5}4 {2}75\.0 % {5}0\.500 .* 1 {13}0$/m);
  expect(stdout).toMatch(/^- .* not defined: judge and tools passed everything /m);
  expect(stdout).not.toContain('NaN');
});

describe('decisions backtest', () => {
  const before = {
    actionType: 'invoke_agent',
    target: 'RevisePlan',
    recoveryStrategy: null,
    classification: 'standard',
    source: 'programmatic',
    rationale: 'alignment 8.6 is below 9',
  };
  const differing: BacktestReport['differing'] = [
    {
      ...{ runId: RUN_ID, version: 12, decisionId: 'd1', point: { kind: 'choice', state: 'PlanConverged' } },
      ...{ result: 'other-move', before, note: '', isBeyondDifference: false },
      after: { ...before, target: 'Implement', rationale: 'alignment 8.6 of 8' },
    },
  ];

  test('sends the policy, goes on page by page, and adds up', async () => {
    bench.routes.set('POST /v1/decisions/backtest', ({ path }, response) => {
      const next = path.includes('cursor') ? null : RUN_ID;
      json(response, 200, { runs: 2, decisions: 5, counts: { same: 4, 'other-move': 1 }, differing, next });
    });
    const policy = bench.file('policy.yaml', 'thresholds:\n  alignment: 8\n');
    const args = ['decisions', 'backtest', '--policy', policy, '--workflow', 'seven-step'];
    const { stdout, stderr, exitCode } = await bench.baton(args);
    expect(exitCode).toBe(0);
    expect(bench.lastBody()).toEqual({ thresholds: { alignment: 8 } });
    expect(stdout).toMatch(
      /^3f2a91c0 {2}12 .*RevisePlan, standard, programmatic {2}Implement, .* alignment 8\.6 of 8$/m,
    );
    expect(stderr).toContain('4 runs, 10 decisions: 8 same, 2 other-move');
    const { stdout: whole } = await bench.baton([...args, '-o', 'json']);
    expect(JSON.parse(whole)).toMatchObject({ runs: 4, counts: { same: 8 }, differing: [{}, {}] });
  });

  test('shows why a policy was refused, by the place in it', async () => {
    const errors = [{ pointer: '/thresholds/beauty', detail: 'there are alignment' }];
    bench.routes.set('POST /v1/decisions/backtest', (_, response) =>
      problem(response, 422, 'unknown-dimension', 'The policy cannot be applied.', { errors }),
    );
    const policy = bench.file('policy.json', '{"thresholds": {"beauty": 8}}');
    const { exitCode, stderr } = await bench.baton(['decisions', 'backtest', '--policy', policy]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('thresholds.beauty: there are alignment');
  });

  test.each(['just a text', '{', '- 1'])('does not send %j', async (text) => {
    const policy = bench.file('policy.yaml', text);
    const { exitCode, stderr } = await bench.baton(['decisions', 'backtest', '--policy', policy]);
    expect({ exitCode, asked: bench.server.requests.length }).toEqual({ exitCode: 2, asked: 0 });
    expect(stderr).toContain('holds no policy');
  });
});
