import { BatonErrorName, type TaskBudget } from '@baton/contracts';
import {
  admitCall,
  type CallModel,
  type ConnectedModel,
  type ModelPrice,
  type ModelRequest,
  UnusableAnswer,
} from '@baton/llm';
import type { Ledger } from './ledger.js';

interface BudgetParts {
  readonly ledger: Ledger;
  readonly now: () => Date;
  readonly countTokens?: ConnectedModel['countTokens'] | undefined;
  readonly prices?: readonly ModelPrice[] | undefined;
}

/** A server's count is an estimate, too, though a close one. */
const COUNT_MARGIN = 1.02;

/**
 * Admits each call by what the ledger has booked so far, before anything is paid. The calls of a task are made one after
 * the other, so what is booked is all there is. Where the budget is near, the tokens are counted by the server where it
 * can: an estimate that is high enough for every text would refuse calls that fit. An answer that was cut off at a limit
 * lowered here is the budget's doing and says so.
 */
export function withinBudget(callModel: CallModel, budget: TaskBudget | undefined, parts: BudgetParts): CallModel {
  if (budget === undefined) return callModel;
  return async (request, signal) => {
    const admitted = await admit(request, budget, parts, signal);
    try {
      return await callModel(admitted, signal);
    } catch (thrown) {
      const isLowered = admitted.maxOutputTokens < request.maxOutputTokens;
      if (isLowered && thrown instanceof UnusableAnswer && thrown.code === 'model-output-limit') {
        throw new UnusableAnswer(`${thrown.message} The budget of the task left no more.`, {
          code: BatonErrorName.budgetExhausted,
          next: 'Give the step or the run a larger budget, a cheaper model, or less to do.',
          spent: thrown.spent,
        });
      }
      throw thrown;
    }
  };
}

async function admit(
  request: ModelRequest,
  budget: TaskBudget,
  { ledger, now, countTokens, prices }: BudgetParts,
  signal: AbortSignal,
): Promise<ModelRequest> {
  const priced = prices === undefined ? {} : { prices };
  const spent = ledger.spent();
  const admitWith = (counted: { readonly inputTokens?: number }): ModelRequest =>
    admitCall(request, budget, spent, now(), { ...priced, ...counted });
  const byEstimate = attempt(() => admitWith({}));
  if (byEstimate.ok && byEstimate.value === request) return request;
  const counted = (await countTokens?.(request, signal)) ?? null;
  if (counted !== null) return admitWith({ inputTokens: Math.ceil(counted * COUNT_MARGIN) });
  if (byEstimate.ok) return byEstimate.value;
  throw byEstimate.thrown;
}

type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly thrown: unknown };

function attempt<T>(work: () => T): Attempt<T> {
  try {
    return { ok: true, value: work() };
  } catch (thrown) {
    return { ok: false, thrown };
  }
}
