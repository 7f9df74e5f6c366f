import type { JsonObject } from '@baton/contracts';
import type { RecordedDecision } from '@baton/read-model';
import { type DecisionRecord, parseWorkflowDocument, type WorkflowDocument } from '@baton/workflow';
import type { RunFacts } from '../facts/run-facts.js';

export const RUN_ID = '11111111-1111-4111-8111-111111111111';

const record: DecisionRecord = {
  decisionId: `${RUN_ID}-d1`,
  point: { kind: 'choice', state: 'Good' },
  classification: 'standard',
  reasons: ['no error and nothing unusual so far'],
  source: 'programmatic',
  actionType: 'invoke_agent',
  targetAgent: 'programmer',
  template: null,
  stepNumber: null,
  target: 'Refine',
  phase: 'code',
  round: 1,
  scores: null,
  rationale: 'alignment 5 is below 9: Refine follows',
  confidence: null,
  recoveryStrategy: null,
  programmaticAlternative: null,
  conflictReason: null,
  adviceRejected: null,
  facts: { errorCount: 0, thresholds: null, maxRounds: 5, failingTools: null },
  latencyMs: 0,
  costUsd: 0,
};

export const recordOf = (over: Partial<DecisionRecord> = {}): DecisionRecord => ({ ...record, ...over });

/** A decision as the read model gives it. */
export const recorded = (
  over: Partial<DecisionRecord> = {},
  more: Partial<Omit<RecordedDecision, 'record'>> = {},
): RecordedDecision => ({
  ...{ runId: RUN_ID, workflow: 'w', version: 7, waitedMs: null, shadowMove: null },
  ...more,
  record: recordOf(over),
});

/** Advice against the rule. */
export const overruled: Partial<DecisionRecord> = {
  source: 'llm_override',
  target: 'Done',
  confidence: 0.8,
  programmaticAlternative: 'go:Refine',
  conflictReason: 'the rule says go:Refine (because), the advice go:Done',
  costUsd: 0.02,
};

/** Decisions on scores, held to thresholds. */
export const scored = (scores: Readonly<Record<string, number>>, thresholds: Readonly<Record<string, number>>) =>
  recorded({
    scores: { ...scores },
    facts: { errorCount: 0, thresholds: { ...thresholds }, maxRounds: 5, failingTools: null },
  });

export const runFacts = (over: Partial<RunFacts> = {}): RunFacts => ({
  ...{ runId: RUN_ID, hasSucceeded: true, isOfEvaluation: false, steps: new Map(), retries: [], ratings: [] },
  scores: new Map(),
  ...over,
});

/** So often. */
export const times = (n: number, act: (index: number) => void): void => {
  for (let index = 0; index < n; index += 1) act(index);
};

/** A document around states. */
export function documentOf(States: JsonObject): WorkflowDocument {
  const definition = { QueryLanguage: 'JSONata', StartAt: Object.keys(States)[0] ?? '', States };
  const parsed = parseWorkflowDocument({ name: 'w', version: '1.0.0', title: 'W', definition });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
  return parsed.document;
}
