import { microUsdOf, type TaskBudget } from '@baton/contracts';

/** What open commands may spend together. */
export interface Reserved {
  readonly microUsd: number;
  readonly tokens: number;
}

export const NOTHING_RESERVED: Reserved = { microUsd: 0, tokens: 0 };

/** The sum with what one more command may spend, or with one fewer: whole numbers, so that nothing is left over. */
export function withReservation({ microUsd, tokens }: Reserved, budget: TaskBudget | null, sign: 1 | -1): Reserved {
  if (budget === null) return { microUsd, tokens };
  return {
    microUsd: microUsd + sign * microUsdOf(budget.usd ?? 0, 'up'),
    tokens: tokens + sign * (budget.tokens ?? 0),
  };
}

export const reservedBy = (commands: Iterable<{ readonly budget: TaskBudget | null }>): Reserved =>
  [...commands].reduce((sum, { budget }) => withReservation(sum, budget, 1), NOTHING_RESERVED);
