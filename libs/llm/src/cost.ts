import type { ModelUsage } from './model.js';
import { type ModelPrice, PRICES, type TokenRates } from './prices.js';

const MILLION = 1_000_000;

/**
 * What a call cost, in US dollars, by the price that held `at` the time. null where no price is known (another model, a
 * time before its first price): a cost that is not known is never 0. A release date at the end of a model's name does not
 * change its price. Standard tier and five-minute caches are assumed; those are what our calls ask for.
 */
export function costUsd(
  model: string,
  usage: ModelUsage,
  at: Date,
  prices: readonly ModelPrice[] = PRICES,
): number | null {
  const price = priceAt(model, at, prices) ?? priceAt(model.replace(/-\d{8}$/, ''), at, prices);
  if (price === null) return null;
  const { input, output, cacheRead, cacheWrite } = ratesFor(price, usage);
  const total =
    usage.inputTokens * input +
    usage.outputTokens * output +
    usage.cacheReadTokens * cacheRead +
    usage.cacheWriteTokens * cacheWrite;
  return total / MILLION;
}

function priceAt(model: string, at: Date, prices: readonly ModelPrice[]): ModelPrice | null {
  const begun = prices.filter((price) => price.model === model && Date.parse(price.effectiveFrom) <= at.getTime());
  return begun.reduce<ModelPrice | null>(
    (newest, price) =>
      newest === null || Date.parse(price.effectiveFrom) > Date.parse(newest.effectiveFrom) ? price : newest,
    null,
  );
}

/** What was read from or written to the cache is part of the prompt too. */
function ratesFor({ rates, longPrompt }: ModelPrice, usage: ModelUsage): TokenRates {
  const promptTokens = usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
  return longPrompt !== undefined && promptTokens > longPrompt.aboveTokens ? longPrompt.rates : rates;
}
