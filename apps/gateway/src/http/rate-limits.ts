import type { FastifyInstance } from 'fastify';
import { networkOf } from './network-of.js';
import { ProblemError } from './problem.js';
import { type TokenBuckets, tokenBuckets } from './token-buckets.js';

/** Requests a second that are served for long; ten times as many at once. Null: no limit. */
export interface RateLimits {
  /** Of one address, with a key or without. */
  readonly address: number | null;
  /** With one key, from wherever. */
  readonly key: number | null;
}

const SECONDS_AT_ONCE = 10;
const MOST_NAMES = 10_000;

/*
 * Ends a program that has run wild, and nobody else. An address is looked at before anything is asked of the database for it.
 * Whoever stands behind a proxy has the address that it tells, where it is trusted to.
 */

export function limitAddresses(server: FastifyInstance, perSecond: number | null, monotonicMs: () => number): void {
  const buckets = bucketsOf(perSecond, monotonicMs);
  if (buckets === null) return;
  server.addHook('onRequest', async ({ ip }) => {
    refuseWhenEmpty(buckets.take(networkOf(ip)), 'from this address');
  });
}

/** Null where there is no limit. */
export const bucketsOf = (perSecond: number | null, monotonicMs: () => number): TokenBuckets | null =>
  perSecond === null
    ? null
    : tokenBuckets(
        { burst: perSecond * SECONDS_AT_ONCE, oneMoreEveryMs: 1000 / perSecond, mostNames: MOST_NAMES },
        monotonicMs,
      );

/** @throws ProblemError 429 */
export function refuseWhenEmpty(seconds: number | null, whence: string): void {
  if (seconds === null) return;
  throw new ProblemError(`Too many requests came ${whence}.`, {
    status: 429,
    code: 'too-many-requests',
    next: `Wait ${seconds} s; to follow a run, GET its events as text/event-stream instead of asking for it again and again.`,
    headers: { 'retry-after': String(seconds) },
  });
}
