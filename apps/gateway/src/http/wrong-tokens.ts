import { networkOf } from './network-of.js';
import { tokenBuckets } from './token-buckets.js';

/*
 * Slows whoever guesses. Each address may be wrong so often, and then once in a while; what is more is told to wait. The right
 * token passes whatever was wrong before it: others behind the same address must not be locked out.
 */

/** How many wrong tokens an address may send at once, and how often one more. */
const BURST = 20;
const ONE_MORE_EVERY_MS = 3_000;
const MOST_ADDRESSES = 10_000;

export interface WrongTokens {
  /** Counts one; the seconds to wait where it was one too many, else null. */
  readonly count: (address: string) => number | null;
}

/** @param monotonicMs a clock that never goes back */
export function limitWrongTokens(monotonicMs: () => number): WrongTokens {
  const guesses = tokenBuckets(
    { burst: BURST, oneMoreEveryMs: ONE_MORE_EVERY_MS, mostNames: MOST_ADDRESSES },
    monotonicMs,
  );
  return { count: (address) => guesses.take(networkOf(address)) };
}
