import { addMicroUsd, type Usage, usdOf } from '@baton/contracts';
import { costMicroUsd, type ModelUsage, type Spent } from '@baton/llm';

/** What the model calls of one task used. */
export interface Ledger {
  /** Books one call. `at` decides which price list applies. */
  book(call: { readonly model: string; readonly usage: ModelUsage }, at: Date): void;
  /** All that was booked so far. */
  spent(): Spent;
  /** The same as the result of the task says it; nothing until a call was booked. `model` is the one that answered last. */
  facts(): { readonly usage?: Usage; readonly model?: string };
}

export function createLedger(): Ledger {
  let spent: Spent = { inputTokens: 0, outputTokens: 0, microUsd: 0 };
  let model: string | undefined;
  return {
    book(call, at) {
      const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = call.usage;
      const cost = costMicroUsd(call.model, call.usage, at);
      spent = {
        inputTokens: spent.inputTokens + inputTokens + cacheReadTokens + cacheWriteTokens,
        outputTokens: spent.outputTokens + outputTokens,
        // One call of unknown price makes the sum unknown: a part of it would pass for the whole.
        microUsd: spent.microUsd === null || cost === null ? null : addMicroUsd(spent.microUsd, cost),
      };
      model = call.model;
    },
    spent: () => spent,
    facts: () => (model === undefined ? {} : { usage: usageOf(spent), model }),
  };
}

const usageOf = ({ inputTokens, outputTokens, microUsd }: Spent): Usage => ({
  inputTokens,
  outputTokens,
  costUsd: microUsd === null ? null : usdOf(microUsd),
});
