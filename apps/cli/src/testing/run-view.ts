import type { RunView } from '@baton/contracts';
import { RUN_ID } from './events.js';

export const runView = (change: Partial<RunView> = {}): RunView => ({
  runId: RUN_ID,
  workflow: 'seven-step',
  workflowVersion: '1.0.0',
  status: 'succeeded',
  version: 3,
  phase: 'code',
  step: 7,
  currentStates: [],
  labels: {},
  submittedBy: { type: 'apikey', id: 'local' },
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: '2026-01-01T00:00:04.000Z',
  error: null,
  cause: null,
  models: ['offline'],
  usage: { inputTokens: 0, outputTokens: 0, costUsd: 0 },
  rounds: { plan: 2, code: 1 },
  scores: [{ phase: 'plan', round: 1, scores: { alignment: 7 } }],
  decisions: { total: 3, bySource: { programmatic: 3 } },
  steps: [
    {
      state: 'Plan',
      step: 1,
      title: 'Initial plan',
      agent: 'planner',
      attempt: 1,
      status: 'succeeded',
      startedAt: '2026-01-01T00:00:00.000Z',
      durationMs: 1200,
    },
  ],
  ...change,
});
