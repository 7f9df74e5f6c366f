import type { RunView } from '@baton/contracts';
import type { RunFacts } from './run-fold.js';

const blankFacts = {
  title: null,
  phase: null,
  step: null,
  lastStep: null,
  parent: null,
  forkedFrom: null,
  endedAt: null,
  error: null,
  cause: null,
  models: [],
  usage: { inputTokens: 0, outputTokens: 0, costUsd: 0 },
  rounds: {},
  scores: [],
  decisions: { mode: null, total: 0, bySource: {} },
  ratings: [],
} satisfies Partial<RunFacts>;

/** What a view shows of a run in which nothing has happened yet. */
export const blankView = {
  ...blankFacts,
  currentStates: [],
  waitingFor: [],
  kept: [],
  steps: [],
  maps: [],
} satisfies Partial<RunView>;

/** The run whose facts are given, with nothing open in it. */
export const blankRun = (facts: Omit<RunFacts, keyof typeof blankFacts> & Partial<RunFacts>): RunFacts => ({
  ...blankFacts,
  ...facts,
});
