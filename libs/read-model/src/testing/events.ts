import type { DecisionRecord, RunEvent, RunEventOf, WorkflowDocument } from '@baton/workflow';

export const RUN_ID = '11111111-1111-4111-8111-111111111111';

export const document: WorkflowDocument = {
  name: 'two-steps',
  version: '1.0.0',
  title: 'Plan and code',
  input: {
    type: 'object',
    required: ['requirements'],
    properties: { requirements: { type: 'string', minLength: 1 }, language: { enum: ['typescript', 'python'] } },
    additionalProperties: false,
  },
  definition: {
    QueryLanguage: 'JSONata',
    StartAt: 'Plan',
    States: {
      Plan: { Type: 'Task', Resource: 'baton:worker:planner', Next: 'Code' },
      Code: { Type: 'Task', Resource: 'baton:worker:programmer', End: true },
    },
  },
  phases: [
    { name: 'plan', states: ['Plan'] },
    { name: 'code', states: ['Code'] },
  ],
  steps: { Plan: { number: 1, title: 'Initial plan' }, Code: { number: 2, title: 'Implementation' } },
};

export function runStarted(facts: Partial<RunEventOf<'RunStarted'>['data']> = {}): RunEvent {
  return {
    type: 'RunStarted',
    data: {
      workflow: { name: 'two-steps', version: '1.0.0', sha256: 'a'.repeat(64) },
      document,
      input: { requirements: 'count words' },
      requestId: 'request-1',
      submittedBy: { type: 'user', id: 'ada' },
      labels: {},
      priority: 2,
      decisionMode: 'programmatic',
      budget: { usd: null, tokens: null, wallClock: null },
      ...facts,
    },
  };
}

export const decision = (facts: Partial<DecisionRecord>): DecisionRecord => ({
  decisionId: `${RUN_ID}-d1`,
  point: { kind: 'choice', state: 'IsPlanGood' },
  classification: 'standard',
  reasons: [],
  source: 'programmatic',
  actionType: 'transition_phase',
  targetAgent: null,
  template: null,
  stepNumber: null,
  target: 'Code',
  phase: null,
  round: null,
  scores: null,
  rationale: 'the thresholds are met',
  confidence: null,
  recoveryStrategy: null,
  programmaticAlternative: null,
  conflictReason: null,
  adviceRejected: null,
  latencyMs: 0,
  costUsd: null,
  ...facts,
});
