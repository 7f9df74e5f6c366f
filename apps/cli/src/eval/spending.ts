import type { Outcome } from './outcome.js';

export interface EvalBudget {
  readonly usd?: number | undefined;
  readonly tokens?: number | undefined;
}

interface Spent {
  readonly usd: number;
  readonly tokens: number;
}

/** What an evaluation has spent; a price that is not known counts as all that its run might spend. */
export const spentBy = (outcomes: readonly Outcome[], mostOf: (outcome: Outcome) => EvalBudget): Spent => ({
  usd: outcomes.reduce((sum, each) => sum + (each.usage.costUsd ?? mostOf(each).usd ?? 0), 0),
  tokens: outcomes.reduce((sum, { usage }) => sum + usage.inputTokens + usage.outputTokens, 0),
});

/** Whether one more run has room beside what is spent and what open runs may still spend. */
export function hasRoom(limit: EvalBudget, spent: Spent, open: readonly EvalBudget[], next: EvalBudget): boolean {
  const reserved = (kind: keyof EvalBudget): number =>
    [...open, next].reduce((sum, each) => sum + (each[kind] ?? 0), 0);
  const { usd = Number.POSITIVE_INFINITY, tokens = Number.POSITIVE_INFINITY } = limit;
  return spent.usd + reserved('usd') <= usd && spent.tokens + reserved('tokens') <= tokens;
}
