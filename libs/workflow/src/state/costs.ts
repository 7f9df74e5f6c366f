import { BatonErrorName, microUsdOf, type TaskBudget, type Usage } from '@baton/contracts';
import { z } from 'zod';

/*
 * What tasks have cost in a run: by state, and by what is asked for, which says something of states that were not visited yet.
 * It follows from the events, so a share that comes from it is the same on every replay.
 */

const Amounts = z.object({ microUsd: z.int().nonnegative(), tokens: z.int().nonnegative() });
type Amounts = z.infer<typeof Amounts>;

/** The most that one task has used, and what the next one gets at least because a share was too small. 0 stands for nothing known. */
const Cost = z.object({ most: Amounts, atLeast: Amounts });
export const Costs = z.record(z.string(), Cost);
export type Costs = Readonly<Record<string, z.infer<typeof Cost>>>;

const NOTHING: Amounts = { microUsd: 0, tokens: 0 };

const keyOfState = (state: string): string => `state ${state}`;

/** How one task ended. */
interface Settled {
  readonly state: string;
  readonly resource: string;
  /** What it might have spent. */
  readonly budget: TaskBudget | null;
  readonly usage?: Usage | undefined;
  readonly error?: string | undefined;
}

/** The costs with one more task. */
export function withCost(costs: Costs, { state, resource, budget, usage, error }: Settled): Costs {
  const used: Amounts = {
    microUsd: usage?.costUsd == null ? 0 : microUsdOf(usage.costUsd, 'up'),
    tokens: usage === undefined ? 0 : usage.inputTokens + usage.outputTokens,
  };
  const isTooSmall = error === BatonErrorName.budgetExhausted && budget !== null;
  const atLeast = isTooSmall
    ? { microUsd: microUsdOf(budget.usd ?? 0, 'up') * GROWTH, tokens: (budget.tokens ?? 0) * GROWTH }
    : NOTHING;
  if (used.tokens === 0 && !isTooSmall) return costs;
  const own = keyOfState(state);
  return {
    ...costs,
    [own]: larger(costs[own], { most: used, atLeast }),
    // That a share of another state was too small says nothing here.
    [resource]: larger(costs[resource], { most: used, atLeast: NOTHING }),
  };
}

/** A share that was too small is this many times as large the next time. */
const GROWTH = 2;
/** Tasks differ: this many times what the dearest has used is reserved. */
const MARGIN = 2;

const max = (a: Amounts, b: Amounts): Amounts => ({
  microUsd: Math.max(a.microUsd, b.microUsd),
  tokens: Math.max(a.tokens, b.tokens),
});

const larger = (
  before: z.infer<typeof Cost> | undefined,
  { most, atLeast }: z.infer<typeof Cost>,
): z.infer<typeof Cost> => ({
  most: max(before?.most ?? NOTHING, most),
  atLeast: max(before?.atLeast ?? NOTHING, atLeast),
});

/**
 * What a task is expected to cost, with a margin: in micro-dollars or tokens. By those of its own state, else by what the
 * document says such tasks usually cost, else by those of its kind; null where nothing is known.
 */
export function expectedCost(
  costs: Costs,
  {
    state,
    resource,
    usual,
  }: { readonly state: string; readonly resource: string; readonly usual?: TaskBudget | undefined },
  kind: 'usd' | 'tokens',
): number | null {
  const name = kind === 'usd' ? 'microUsd' : 'tokens';
  const own = costs[keyOfState(state)];
  const declared = kind === 'usd' ? microUsdOf(usual?.usd ?? 0, 'up') : (usual?.tokens ?? 0);
  const most = own?.most[name] || declared || costs[resource]?.most[name] || 0;
  const expected = Math.max(most * MARGIN, own?.atLeast[name] ?? 0);
  return expected === 0 ? null : expected;
}

/** What the last share of a state was that was too small; 0 where none was. */
export const tooSmallShare = (costs: Costs, state: string, kind: 'usd' | 'tokens'): number =>
  (costs[keyOfState(state)]?.atLeast[kind === 'usd' ? 'microUsd' : 'tokens'] ?? 0) / GROWTH;
