import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../run-events.js';
import { type Decision, isDisagreement, partsOfDecisions, wantedIn, wordOf } from './decision-parts.js';
import { placed, seriesOf, thresholdsOf } from './score-series.js';

const decision = (change: Partial<Decision> = {}): Decision => ({
  decisionId: 'd1',
  runId: '11111111-1111-5111-8111-111111111111',
  workflow: 'seven-step',
  version: 16,
  decidedAt: '2026-11-28T06:50:30.869Z',
  point: { kind: 'choice', state: 'PlanConverged' },
  classification: 'standard',
  reasons: [],
  source: 'programmatic',
  actionType: 'invoke_agent',
  target: 'RevisePlan',
  rationale: '',
  phase: 'plan',
  round: 1,
  confidence: null,
  recoveryStrategy: null,
  programmaticAlternative: null,
  conflictReason: null,
  adviceRejected: null,
  shadow: null,
  latencyMs: 1,
  costUsd: 0,
  ...change,
});

const event = (version: number, type: string, data: RunEvent['data']): RunEvent => ({
  position: version,
  runId: '11111111-1111-5111-8111-111111111111',
  version,
  type,
  schemaVersion: 7,
  eventId: `event-${version}`,
  causationId: null,
  correlationId: null,
  recordedAt: '2026-11-28T06:50:30.299Z',
  actor: { type: 'system', id: 'orchestrator' },
  data,
  summary: '',
});

const question = {
  decisionId: 'd1',
  rule: { id: 'go:RevisePlan', text: 'go on' },
  rationale: 'below',
  moves: [{ id: 'go:RevisePlan', text: 'go on' }],
  blocked: [{ move: { id: 'go:Implement', text: 'next' }, reason: 'a tool failed' }],
};
const LOG = [
  event(1, 'AdviceRequested', { question }),
  event(2, 'AdviceGiven', { decisionId: 'd1', output: { move: 'human' }, model: 'm' }),
  event(3, 'DecisionMade', {
    decision: { decisionId: 'd1', facts: { thresholds: { alignment: 9 } }, scores: { alignment: 8 } },
  }),
  event(4, 'DecisionMade', { decision: 'of another time' }),
];

describe('what the log says of a decision', () => {
  const parts = partsOfDecisions(LOG);

  test('is the question, the advice and the facts together', () => {
    expect(parts.get('d1')).toMatchObject({
      question: { blocked: [{ reason: 'a tool failed' }] },
      advice: { output: { move: 'human' }, model: 'm' },
      facts: { thresholds: { alignment: 9 }, failingTools: null },
      scores: { alignment: 8 },
    });
  });

  test('leaves out what it does not understand', () => {
    expect(parts.size).toBe(1);
  });

  test('shows a disagreement in shadow by the move of the rule', () => {
    const shadow = { move: 'go:RevisePlan', confidence: 1, problem: null, costUsd: 0 };
    expect(isDisagreement(decision({ shadow, target: null }), parts.get('d1'))).toBe(false);
    expect(isDisagreement(decision({ shadow: { ...shadow, move: 'human' } }), parts.get('d1'))).toBe(true);
  });
});

test('an advice that was refused or that won is a disagreement', () => {
  expect(isDisagreement(decision(), undefined)).toBe(false);
  expect(isDisagreement(decision({ adviceRejected: 'not legal' }), undefined)).toBe(true);
  expect(isDisagreement(decision({ conflictReason: 'it is close' }), undefined)).toBe(true);
});

test('who had the word is said with the reason', () => {
  expect(wordOf(decision({ source: 'llm_override', conflictReason: 'it is close' }))).toBe(
    'The advisor, against the rule: it is close',
  );
  expect(wordOf(decision({ source: 'human' }))).toBe('A person.');
  expect(wordOf(decision())).toBe('The rule; nobody else was heard.');
  expect(wordOf(decision({ confidence: 0.9 }))).toBe('The rule; the advice agreed.');
});

describe('scores', () => {
  const scores = [
    { phase: 'plan', round: 2, scores: { alignment: 9 } },
    { phase: 'plan', round: 1, scores: { alignment: 7 } },
    { phase: 'code', round: 1, scores: { alignment: 5 } },
  ];

  test('are one line for each dimension of each phase, with the threshold that held', () => {
    const lines = seriesOf(scores, thresholdsOf([decision()], partsOfDecisions(LOG)));
    expect(lines).toEqual([
      {
        phase: 'plan',
        dimension: 'alignment',
        threshold: 9,
        points: [
          { round: 1, score: 7 },
          { round: 2, score: 9 },
        ],
      },
      { phase: 'code', dimension: 'alignment', threshold: null, points: [{ round: 1, score: 5 }] },
    ]);
  });

  test('stand between foot and head of the drawing, also those that are out of bounds', () => {
    expect(
      placed(
        [
          { round: 1, score: 0 },
          { round: 3, score: 12 },
        ],
        100,
        50,
        5,
      ),
    ).toEqual([
      { x: 5, y: 45 },
      { x: 95, y: 5 },
    ]);
  });
});

describe('who wanted which move', () => {
  const asked = (commandId: string) =>
    event(5, 'TaskScheduled', {
      ...{ commandId, resource: 'baton:approval' },
      arguments: {
        about: 'decision',
        proposed: { id: 'go:RevisePlan', text: 'go on', because: 'below' },
        moves: [
          { id: 'go:RevisePlan', text: 'go on' },
          { id: 'go:Implement', text: 'next' },
        ],
      },
    });
  const answered = (data: Readonly<Record<string, string>>) =>
    event(6, 'ApprovalDecided', {
      ...{ commandId: 'c1', by: { type: 'person', id: 'ada' }, decision: 'approve', comment: 'good enough' },
      ...data,
    });
  const made = event(7, 'DecisionMade', { decision: { decisionId: 'd2' } });

  test('is known of a person by what they were asked and what they answered', () => {
    const parts = partsOfDecisions([asked('c1'), answered({ move: 'go:Implement' }), made]).get('d2');
    const ofPerson = decision({ decisionId: 'd2', source: 'human', target: 'Implement', rationale: 'good enough' });
    expect(wantedIn(ofPerson, parts)).toEqual({
      ...{ rule: 'go:RevisePlan', advice: null, person: 'go:Implement', taken: 'go:Implement' },
    });
    expect(parts).toMatchObject({
      person: { by: 'person ada', comment: 'good enough' },
      question: { rationale: 'below' },
    });
  });

  test('is what was proposed where a person says nothing else, and nothing where they were asked something else', () => {
    const taken = partsOfDecisions([asked('c1'), answered({}), made]).get('d2');
    expect(taken?.person?.move).toBe('go:RevisePlan');
    expect(partsOfDecisions([asked('c9'), answered({}), made]).get('d2')?.person).toBeNull();
  });

  test('is known of an advice that asks a person, which leads to no state', () => {
    const overruled = decision({ source: 'llm_override', target: null, programmaticAlternative: 'go:RevisePlan' });
    expect(wantedIn(overruled, partsOfDecisions(LOG).get('d1'))).toEqual({
      ...{ rule: 'go:RevisePlan', advice: 'human', person: null, taken: 'human' },
    });
  });

  test('is read from the record alone where the log is not here yet', () => {
    expect(wantedIn(decision(), undefined)).toMatchObject({ rule: 'go:RevisePlan', taken: 'go:RevisePlan' });
    expect(wantedIn(decision({ source: 'human' }), undefined)).toMatchObject({ person: 'go:RevisePlan', rule: null });
  });
});
