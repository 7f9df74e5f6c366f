import type { Usage } from '@baton/contracts';
import { costUsd, type ModelUsage } from '@baton/llm';

/** What the model calls of one task used. */
export interface Ledger {
  /** Books one call. `at` decides which price list applies. */
  book(call: { readonly model: string; readonly usage: ModelUsage }, at: Date): void;
  /** Nothing until a call was booked. `model` is the one that answered last. */
  facts(): { readonly usage?: Usage; readonly model?: string };
}

export function createLedger(): Ledger {
  let usage: Usage | undefined;
  let model: string | undefined;
  return {
    book(call, at) {
      const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = call.usage;
      const cost = costUsd(call.model, call.usage, at);
      const before = usage ?? { inputTokens: 0, outputTokens: 0, costUsd: 0 };
      usage = {
        inputTokens: before.inputTokens + inputTokens + cacheReadTokens + cacheWriteTokens,
        outputTokens: before.outputTokens + outputTokens,
        // One call of unknown price makes the sum unknown: a part of it would pass for the whole.
        costUsd: before.costUsd === null || cost === null ? null : before.costUsd + cost,
      };
      model = call.model;
    },
    facts: () => (usage === undefined || model === undefined ? {} : { usage, model }),
  };
}
