import { BacktestReport, DecisionList, JudgeList } from '@baton/contracts';
import { DecisionPolicy } from '@baton/workflow';
import { BacktestQuery, DecisionListQuery, JudgeQuery } from '../../decisions/decision-queries.js';
import type { Operations } from '../operation.js';

export const decisionOperations: Operations = {
  'GET /v1/decisions': {
    id: 'listDecisions',
    tag: 'decisions',
    summary: 'List decisions, newest first',
    query: DecisionListQuery,
    answers: { 200: { description: 'A page of decisions.', schema: DecisionList, headers: ['Link'] } },
    refusals: [404, 409],
  },
  'GET /v1/decisions/judges': {
    id: 'listJudges',
    tag: 'decisions',
    summary: 'How the judges agree with the tools',
    query: JudgeQuery,
    answers: { 200: { description: 'The judges, most verdicts first.', schema: JudgeList } },
  },
  'POST /v1/decisions/backtest': {
    id: 'backtestDecisions',
    tag: 'decisions',
    summary: 'Recorded decisions under another policy',
    description: 'Changes nothing. Some runs at a time: `next` is the cursor of those that follow.',
    query: BacktestQuery,
    body: DecisionPolicy,
    rawBody: { types: ['application/yaml'], description: 'The policy as it is written.' },
    answers: { 200: { description: 'What would have been otherwise.', schema: BacktestReport } },
    refusals: [422],
  },
};
