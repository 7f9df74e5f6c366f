import { BacktestReport, DecisionList, JudgeList, PatternReport, RecommendationReport } from '@baton/contracts';
import { DecisionPolicy } from '@baton/workflow';
import { BacktestQuery, DecisionListQuery, JudgeQuery } from '../../decisions/decision-queries.js';
import { AnalysisQuery } from '../../recommendations/analysis-queries.js';
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
  'GET /v1/decisions/patterns': {
    id: 'findPatterns',
    tag: 'decisions',
    summary: 'Which facts go with the rules being overruled',
    description: 'Over the decisions of the newest `runs` runs at which an advisor or a person was heard.',
    query: AnalysisQuery,
    answers: { 200: { description: 'Facts and pairs of them, the surest first.', schema: PatternReport } },
    refusals: [409, 503],
  },
  'GET /v1/recommendations': {
    id: 'recommend',
    tag: 'decisions',
    summary: 'What recorded runs say would be better otherwise',
    description:
      'Changes nothing. Over the newest `runs` runs: each with its sample, a policy that the back-test takes as it is, and what came of it there.',
    query: AnalysisQuery,
    answers: {
      200: { description: 'The surest first, and what was looked at.', schema: RecommendationReport },
    },
    refusals: [409, 503],
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
