import { BatonErrorName, microUsdOf, type TaskBudget, TerminalError, usdOf } from '@baton/contracts';
import { type CeilingFacts, callCeiling } from './call-ceiling.js';
import type { ModelRequest } from './model.js';

/** What the calls of a task used so far. `microUsd` is null where the price of one of them is not known. */
export interface Spent {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly microUsd: number | null;
}

/**
 * An answer that may be shorter than this share of what was asked for is likely to be cut off, and paid for nothing. What is
 * asked for is a bound, and most answers come nowhere near it: one of so many tokens is worth a try.
 */
const LEAST_OUTPUT_SHARE = 0.25;
const WORTH_A_TRY_TOKENS = 4_000;

/**
 * Admits a call whose ceiling fits what is left of its task's budget, with fewer output tokens where only that fits.
 * Throws TerminalError `Baton.BudgetExhausted` before anything is paid: where neither a quarter of the output nor 4,000 tokens of it fit, or
 * where a limit in dollars meets a price that nobody knows and no limit in tokens stands in for it.
 */
export function admitCall(
  request: ModelRequest,
  budget: TaskBudget,
  spent: Spent,
  at: Date,
  facts: CeilingFacts = {},
): ModelRequest {
  const room = roomFor(request, budget, spent, { at, ...facts });
  const wanted = request.maxOutputTokens;
  if (room.maxOutputTokens >= wanted) return request;
  const least = Math.min(WORTH_A_TRY_TOKENS, Math.ceil(wanted * LEAST_OUTPUT_SHARE));
  if (room.maxOutputTokens >= least) return { ...request, maxOutputTokens: room.maxOutputTokens };
  throw exhausted(
    `The call to ${request.model} was not made: ${room.leftOver}, and ${numbered(least)} output tokens at least may need ${room.needed(least)}.`,
    'Give the step or the run a larger budget, a cheaper model, or less to do.',
  );
}

/** How much output fits, and the words for it. */
interface Room {
  readonly maxOutputTokens: number;
  readonly leftOver: string;
  readonly needed: (outputTokens: number) => string;
}

interface Facts extends CeilingFacts {
  readonly at: Date;
}

function roomFor(request: ModelRequest, budget: TaskBudget, spent: Spent, facts: Facts): Room {
  const rooms = [roomInTokens(request, budget.tokens, spent, facts), roomInMoney(request, budget, spent, facts)];
  const [first, second] = rooms;
  if (first == null) return second ?? UNBOUNDED;
  return second == null || first.maxOutputTokens <= second.maxOutputTokens ? first : second;
}

const UNBOUNDED: Room = { maxOutputTokens: Number.POSITIVE_INFINITY, leftOver: '', needed: () => '' };

function roomInTokens(request: ModelRequest, limit: number | undefined, spent: Spent, facts: Facts): Room | null {
  if (limit === undefined) return null;
  const left = limit - spent.inputTokens - spent.outputTokens;
  const ceiling = (outputTokens: number): number => callCeiling(request, outputTokens, facts.at, facts).tokens;
  return {
    maxOutputTokens: mostThatFits(request, (outputTokens) => ceiling(outputTokens) <= left),
    leftOver: `${numbered(Math.max(0, left))} of the task's ${numbered(limit)} tokens are left`,
    needed: (outputTokens) => `${numbered(ceiling(outputTokens))}`,
  };
}

function roomInMoney(request: ModelRequest, budget: TaskBudget, spent: Spent, facts: Facts): Room | null {
  const { usd, tokens } = budget;
  if (usd === undefined) return null;
  const limit = microUsdOf(usd, 'down');
  const { microUsd } = spent;
  if (microUsd === null || callCeiling(request, request.maxOutputTokens, facts.at, facts).microUsd === null) {
    // Tokens bound what the money cannot.
    if (tokens !== undefined) return null;
    throw exhausted(
      `The call to ${request.model} was not made: the price of ${microUsd === null ? 'an earlier call of the task' : request.model} is not known, so nobody can say whether it fits into the task's ${dollars(limit)}.`,
      `Set BATON_MODEL_${request.agent.toUpperCase()} to a model with a known price, or give the task a budget in tokens.`,
    );
  }
  const left = limit - microUsd;
  const ceiling = (outputTokens: number): number =>
    callCeiling(request, outputTokens, facts.at, facts).microUsd ?? Number.POSITIVE_INFINITY;
  return {
    maxOutputTokens: mostThatFits(request, (outputTokens) => ceiling(outputTokens) <= left),
    leftOver: `${dollars(Math.max(0, left))} of the task's ${dollars(limit)} are left`,
    needed: (outputTokens) => dollars(ceiling(outputTokens)),
  };
}

/** The most output tokens, up to what was asked for, with which a call fits; -1 where its input alone does not. */
function mostThatFits({ maxOutputTokens }: ModelRequest, fits: (outputTokens: number) => boolean): number {
  if (fits(maxOutputTokens)) return maxOutputTokens;
  let low = -1;
  let high = maxOutputTokens;
  // Invariant: `low` fits or is -1, `high` does not fit. Prices rise with the output, so halving finds the border.
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}

const exhausted = (message: string, next: string): TerminalError =>
  new TerminalError(message, { code: BatonErrorName.budgetExhausted, next });

const numbered = (count: number): string => count.toLocaleString('en-US');
const dollars = (microUsd: number): string => `$${usdOf(microUsd).toFixed(4)}`;
