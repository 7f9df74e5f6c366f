import { addMicroUsd, type CachedFrom, type TaskFacts, type Usage, usdOf } from '@baton/contracts';
import { costMicroUsd, type ModelPrice, PRICES, type Spent, type SpentCall } from '@baton/llm';

/** What the model calls of one task used. */
export interface Ledger {
  /** Books one call. `at` decides which price list applies. */
  book(call: SpentCall, at: Date): void;
  /** All that was booked so far. */
  spent(): Spent;
  /** The same as the result of the task says it; nothing until a call was booked. `model` is the one that answered last. */
  facts(): Pick<TaskFacts, 'usage' | 'model' | 'requestIds' | 'cachedFrom'>;
}

/** Of a task with more calls the last ones. */
const MAX_REQUEST_IDS = 50;

export function createLedger(prices: readonly ModelPrice[] = PRICES): Ledger {
  let spent: Spent = { inputTokens: 0, outputTokens: 0, microUsd: 0 };
  let model: string | undefined;
  let cached = { cacheReadTokens: 0, cacheWriteTokens: 0 };
  let requestIds: readonly string[] = [];
  let cachedFrom: CachedFrom | undefined;
  return {
    book(call, at) {
      const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = call.usage;
      // What was taken over costs nothing, whatever the price would be.
      const cost = call.cachedFrom === undefined ? costMicroUsd(call.model, call.usage, at, prices) : 0;
      spent = {
        inputTokens: spent.inputTokens + inputTokens + cacheReadTokens + cacheWriteTokens,
        outputTokens: spent.outputTokens + outputTokens,
        // One call of unknown price makes the sum unknown: a part of it would pass for the whole.
        microUsd: spent.microUsd === null || cost === null ? null : addMicroUsd(spent.microUsd, cost),
      };
      cached = {
        cacheReadTokens: cached.cacheReadTokens + cacheReadTokens,
        cacheWriteTokens: cached.cacheWriteTokens + cacheWriteTokens,
      };
      model = call.model;
      cachedFrom = call.cachedFrom ?? cachedFrom;
      if (call.requestId !== null) requestIds = [...requestIds, call.requestId].slice(-MAX_REQUEST_IDS);
    },
    spent: () => spent,
    facts: () => {
      if (model === undefined) return {};
      const isCached = cached.cacheReadTokens + cached.cacheWriteTokens > 0;
      const usage = { ...usageOf(spent), ...(isCached ? cached : {}) };
      const ids = requestIds.length === 0 ? {} : { requestIds: [...requestIds] };
      return { usage, model, ...ids, ...(cachedFrom === undefined ? {} : { cachedFrom }) };
    },
  };
}

const usageOf = ({ inputTokens, outputTokens, microUsd }: Spent): Usage => ({
  inputTokens,
  outputTokens,
  costUsd: microUsd === null ? null : usdOf(microUsd),
});
