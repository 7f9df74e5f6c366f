import { type Actor, personOf } from '@baton/contracts';
import { tokenBuckets } from '../http/token-buckets.js';

/*
 * The intake is one queue. Whoever submits ten thousand runs at once would stand before everybody who submits one after that, so
 * what goes beyond somebody's share goes behind those of others: it is taken as soon as nothing else waits, and in its order.
 */

const AT_ONCE = 50;
/** As much as one person will do by hand, and a program that goes on for long. */
const ONE_MORE_EVERY_MS = 100;
const MOST_NAMES = 10_000;
/** Of the queue: 0 is most urgent, and what requests about runs are. */
const WITHIN = 0;
const BEYOND = 2;

export interface IntakeShares {
  /** How urgent the next submission of somebody is in the queue. */
  readonly urgencyFor: (actor: Actor) => number;
}

/** @param monotonicMs a clock that never goes back */
export function intakeShares(monotonicMs: () => number): IntakeShares {
  const shares = tokenBuckets(
    { burst: AT_ONCE, oneMoreEveryMs: ONE_MORE_EVERY_MS, mostNames: MOST_NAMES },
    monotonicMs,
  );
  return { urgencyFor: (actor) => (shares.take(personOf(actor)) === null ? WITHIN : BEYOND) };
}
