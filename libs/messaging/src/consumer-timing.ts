/** Milliseconds throughout. */
export interface ConsumerTiming {
  /** How long a message stays locked without a sign of life from its consumer. Renewed at half of it, behind the own door at a third. */
  readonly lockMs: number;
  /** How often the queue is searched for messages whose lock has run out. */
  readonly stalledCheckMs: number;
  /** How long to wait after a failed request to the queue server. */
  readonly reconnectMs: number;
  /** A worker that takes nothing for about this long, although messages wait and it has room, is replaced. */
  readonly watchdogMs: number;
  /** What a handler gets between the abort of its signal and the message going back to the queue. */
  readonly abortGraceMs: number;
}

/**
 * A message of a consumer that was killed comes back after at most lockMs + 2 × stalledCheckMs: the lock has to run
 * out (8 s), one search marks it and the next one moves it (3 s each), so 14 s at the worst and about 10 s usually.
 * Shorter locks would be lost by a process that is merely busy: renewal falls due at 4 s, so that the event loop may
 * be blocked for 4 s, behind the own door for more than 5. A lock that is lost all the same costs a second run of the message, never the message.
 */
export const defaultTiming: ConsumerTiming = {
  lockMs: 8_000,
  stalledCheckMs: 3_000,
  reconnectMs: 500,
  watchdogMs: 20_000,
  abortGraceMs: 1_000,
};
