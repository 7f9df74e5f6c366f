/*
 * Money is counted in whole micro-dollars, so that sums are exact and a limit is reached and not nearly reached. Dollars
 * with a fraction, `usd` and `costUsd`, stand in messages, events and answers only; whoever adds or compares them goes
 * through this pair, once, where they come in or go out.
 */

const MICRO_PER_USD = 1_000_000;
const NANO_PER_USD = 1_000_000_000;
const NANO_PER_MICRO = 1_000;
const MILLION_USD = 1_000_000;

/** A billion dollars. More is taken for it: beyond, a number of dollars no longer says which micro-dollar it means. */
export const MOST_MICRO_USD = 1_000_000_000_000_000;

/**
 * Dollars in whole micro-dollars. What was spent or is reserved rounds `up`: a call may cost a part of a micro-dollar,
 * and a million of them must not come to nothing. A limit rounds `down`: nobody spends what was not given. What binary
 * fractions add to a decimal number is no part of it: 0.1 + 0.2 is 300,000 either way.
 */
export function microUsdOf(usd: number, rounding: 'up' | 'down'): number {
  // A double holds nano-dollars up to a million dollars, and beyond that at least the nearest micro-dollar.
  if (usd >= MILLION_USD) return Math.min(MOST_MICRO_USD, Math.round(usd * MICRO_PER_USD));
  const microUsd = Math.round(usd * NANO_PER_USD) / NANO_PER_MICRO;
  return rounding === 'up' ? Math.ceil(microUsd) : Math.floor(microUsd);
}

/** Micro-dollars as the dollars that messages and events hold; `microUsdOf` gives the same number back. */
export const usdOf = (microUsd: number): number => microUsd / MICRO_PER_USD;

/** The sum, which stays one that can be counted on exactly. */
export const addMicroUsd = (a: number, b: number): number => Math.min(MOST_MICRO_USD, a + b);
