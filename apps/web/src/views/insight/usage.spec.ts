import { describe, expect, test } from 'vitest';
import { daysBetween, decidersOf, durationsOf, modelsOf, percentileOf, roundsOf, totalsBy } from './usage.js';

type Run = Parameters<typeof modelsOf>[0];
type Decision = Parameters<typeof decidersOf>[0][number];

const run = (given: Partial<Run>): Run => ({
  runId: 'r',
  workflow: 'w',
  workflowVersion: '1.0.0',
  status: 'succeeded',
  version: 1,
  phase: null,
  step: null,
  currentStates: [],
  waitingFor: [],
  parent: null,
  forkedFrom: null,
  labels: {},
  submittedBy: { type: 'user', id: 'u' },
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: '2026-01-01T00:00:10.000Z',
  error: null,
  cause: null,
  models: [],
  usage: { inputTokens: 1, outputTokens: 2, costUsd: 0.5 },
  rounds: {},
  decisions: { mode: 'programmatic', total: 0, bySource: {} },
  ...given,
});

const decision = (given: Partial<Decision>): Decision => ({
  decisionId: 'd',
  runId: 'r',
  workflow: 'w',
  version: 1,
  decidedAt: '2026-01-01T00:00:00.000Z',
  point: { kind: 'choice', state: 'S' },
  classification: 'standard',
  reasons: [],
  source: 'programmatic',
  actionType: 'transition_phase',
  target: null,
  rationale: '',
  phase: null,
  round: null,
  confidence: null,
  recoveryStrategy: null,
  programmaticAlternative: null,
  conflictReason: null,
  adviceRejected: null,
  shadow: null,
  latencyMs: 1,
  costUsd: 0,
  ...given,
});

describe('a percentile', () => {
  test('is one of the values, and the only one of one', () => {
    expect(percentileOf([4, 1, 3, 2], 0.5)).toBe(2);
    expect(percentileOf([4, 1, 3, 2], 0.95)).toBe(4);
    expect(percentileOf([7], 0.5)).toBe(7);
  });

  test('of nothing is not known', () => {
    expect(percentileOf([], 0.5)).toBeNull();
  });
});

test('a run without a known cost makes the sum unknown, and comes first', () => {
  const unknown = run({ workflow: 'b', usage: { inputTokens: 0, outputTokens: 0, costUsd: null } });
  const totals = totalsBy([run({}), run({}), unknown, run({ workflow: 'b' })], ({ workflow }) => workflow);
  expect(totals).toEqual([
    { name: 'b', runs: 2, costUsd: null, tokens: 3 },
    { name: 'w', runs: 2, costUsd: 1, tokens: 6 },
  ]);
});

test('models of one run are named together', () => {
  expect(modelsOf(run({}))).toBe('no model');
  expect(modelsOf(run({ models: ['a', 'b'] }))).toBe('a + b');
});

test('days on which nothing was are there', () => {
  expect(daysBetween('2026-02-27', '2026-03-01')).toEqual(['2026-02-27', '2026-02-28', '2026-03-01']);
});

test('what has not ended has no duration', () => {
  const runs = [run({}), run({ endedAt: '2026-01-01T00:00:30.000Z' }), run({ endedAt: null })];
  expect(durationsOf(runs)).toEqual([{ name: 'w', runs: 2, medianMs: 10_000, p95Ms: 30_000 }]);
});

test('rounds are counted for each phase of a workflow', () => {
  expect(roundsOf([run({ rounds: { plan: 1 } }), run({ rounds: { plan: 4 } }), run({})])).toEqual([
    { name: 'w · plan', runs: 2, mean: 2.5, most: 4 },
  ]);
});

test('advice counts where it won, where it was refused, and where it was heard in shadow', () => {
  const found = decidersOf([
    decision({}),
    decision({ source: 'llm_override', conflictReason: 'differs' }),
    decision({ adviceRejected: 'not legal' }),
    decision({ shadow: { move: 'retry:same', confidence: 1, problem: null, costUsd: 0 } }),
    decision({ shadow: { move: null, confidence: null, problem: 'too late', costUsd: null } }),
    decision({ actionType: 'request_human' }),
  ]);
  expect(found).toMatchObject({
    total: 6,
    advised: 3,
    bySource: [
      ['programmatic', 5],
      ['llm_override', 1],
    ],
  });
  expect([found.escalations.length, found.conflicts.length]).toEqual([1, 1]);
});
