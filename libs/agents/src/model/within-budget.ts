import { BatonErrorName, type TaskBudget } from '@baton/contracts';
import { admitCall, type CallModel, UnusableAnswer } from '@baton/llm';
import type { Ledger } from './ledger.js';

/**
 * Admits each call by what the ledger has booked so far, before anything is paid. The calls of a task are made one after
 * the other, so what is booked is all there is. An answer that was cut off at a limit lowered here is the budget's doing
 * and says so.
 */
export function withinBudget(
  callModel: CallModel,
  budget: TaskBudget | undefined,
  { ledger, now }: { readonly ledger: Ledger; readonly now: () => Date },
): CallModel {
  if (budget === undefined) return callModel;
  return async (request, signal) => {
    const admitted = admitCall(request, budget, ledger.spent(), now());
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
