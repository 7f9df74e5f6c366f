import type { RunView } from '@baton/contracts';

/** What a view shows of a run in which nothing has happened yet. */
export const blankView = {
  phase: null,
  step: null,
  currentStates: [],
  waitingFor: [],
  parent: null,
  forkedFrom: null,
  endedAt: null,
  error: null,
  cause: null,
  models: [],
  usage: { inputTokens: 0, outputTokens: 0, costUsd: 0 },
  rounds: {},
  scores: [],
  decisions: { total: 0, bySource: {} },
  steps: [],
} satisfies Partial<RunView>;
