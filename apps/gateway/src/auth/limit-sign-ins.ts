import type { Actor } from '@baton/contracts';
import { ProblemError } from '../http/problem.js';
import { tokenBuckets } from '../http/token-buckets.js';

/*
 * Each session and each code is kept, and each is an entry in the log of access, which takes one after the other and keeps them for
 * long. Whoever has a key, be it one that may only look, could fill both. Nobody signs in that often: not even all who share a key.
 */

const BURST = 100;
const ONE_MORE_EVERY_MS = 3_000;
const MOST_ACTORS = 10_000;

export interface SignInLimit {
  /** Counts one session or code. @throws ProblemError 429 where it is one too many */
  readonly refuse: (actor: Actor) => void;
}

/** @param monotonicMs a clock that never goes back */
export function limitSignIns(monotonicMs: () => number): SignInLimit {
  const options = { burst: BURST, oneMoreEveryMs: ONE_MORE_EVERY_MS, mostNames: MOST_ACTORS };
  const buckets = tokenBuckets(options, monotonicMs);
  return {
    refuse: ({ type, id }) => {
      const seconds = buckets.take(`${type}:${id}`);
      if (seconds === null) return;
      throw new ProblemError(`${id} signed in, or asked for codes, too often.`, {
        status: 429,
        code: 'too-many-sign-ins',
        next: `Wait ${seconds} s; a session lasts for days, and a program sends its key instead.`,
        headers: { 'retry-after': String(seconds) },
      });
    },
  };
}
