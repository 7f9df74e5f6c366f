import { networkOf } from '../http/network-of.js';
import { ProblemError } from '../http/problem.js';
import { tokenBuckets } from '../http/token-buckets.js';

/*
 * Whoever comes back from the identity provider has it asked for a token, whatever stands in their address: a state and its cookie
 * anybody gets by beginning. So these questions are bounded: what one network may have asked, and how many wait for an answer at
 * once. What waits here is nothing else: a sign-in that was begun is in the browser alone (ADR 59).
 */

const BURST = 60;
const ONE_MORE_EVERY_MS = 1_000;
const MOST_NETWORKS = 10_000;
/** A provider that does not answer holds each for five seconds. */
const MOST_AT_ONCE = 64;
const AGAIN_SECONDS = 5;

export interface ExchangeLimit {
  /** @throws ProblemError 429 where it is one too many */
  readonly within: <T>(address: string, exchange: () => Promise<T>) => Promise<T>;
}

/** @param monotonicMs a clock that never goes back */
export function limitExchanges(monotonicMs: () => number, mostAtOnce = MOST_AT_ONCE): ExchangeLimit {
  const options = { burst: BURST, oneMoreEveryMs: ONE_MORE_EVERY_MS, mostNames: MOST_NETWORKS };
  const buckets = tokenBuckets(options, monotonicMs);
  let underWay = 0;
  return {
    within: async (address, exchange) => {
      const seconds = underWay >= mostAtOnce ? AGAIN_SECONDS : buckets.take(networkOf(address));
      if (seconds !== null) throw tooMany(seconds);
      underWay += 1;
      try {
        return await exchange();
      } finally {
        underWay -= 1;
      }
    },
  };
}

const tooMany = (seconds: number): ProblemError =>
  new ProblemError('Too many sign-ins come back from the identity provider.', {
    status: 429,
    code: 'too-many-sign-ins',
    next: `Wait ${seconds} s and begin again on the page of the dashboard.`,
    headers: { 'retry-after': String(seconds) },
  });
