import type { ModelUsage } from './model.js';
import { canonicalModel } from './model-names.js';
import { type ModelPrice, PRICES, type TokenRates } from './prices.js';

const PICO_PER_MICRO = 1_000_000;

/**
 * What a call cost, in whole micro-dollars, by the price that held `at` the time. A part of a micro-dollar counts as one:
 * what costs something is never nothing, and a budget is not exceeded by many small parts. null where no price is known
 * (another model, a time before its first price): a cost that is not known is never 0. What a proxy or another cloud adds to a
 * model's name does not change its price: where it does, a user's own prices say so. Standard tier and five-minute caches are assumed; those are what our calls ask
 * for.
 */
export function costMicroUsd(
  model: string,
  usage: ModelUsage,
  at: Date,
  prices: readonly ModelPrice[] = PRICES,
): number | null {
  const price = priceAt(model, at, prices) ?? priceAt(canonicalModel(model), at, prices);
  if (price === null) return null;
  const { input, output, cacheRead, cacheWrite } = ratesFor(price, usage);
  const picoUsd =
    usage.inputTokens * picoUsdOf(input) +
    usage.outputTokens * picoUsdOf(output) +
    usage.cacheReadTokens * picoUsdOf(cacheRead) +
    usage.cacheWriteTokens * picoUsdOf(cacheWrite);
  return Math.ceil(picoUsd / PICO_PER_MICRO);
}

/** Dollars for a million tokens are micro-dollars for one. Whole in pico-dollars, so that nothing is lost in the sum. */
const picoUsdOf = (rate: number): number => Math.round(rate * PICO_PER_MICRO);

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
