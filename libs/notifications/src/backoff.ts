const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** How long to wait after each failed attempt, as the Standard Webhooks text suggests: ten attempts in three days. */
const WAITS_MS = [
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
];
/** Endpoints that come back after an outage must not be asked by everything at the same moment. */
const JITTER = 0.2;

export const MOST_ATTEMPTS = WAITS_MS.length + 1;

/**
 * Milliseconds until the next attempt, up to a fifth more than the schedule says.
 *
 * @param failed how many attempts have failed, at least 1
 * @param random from 0 to 1
 * @returns null when that was the last one
 */
export function waitAfter(failed: number, random: number): number | null {
  const waitMs = WAITS_MS[failed - 1];
  return waitMs === undefined ? null : Math.round(waitMs * (1 + JITTER * random));
}
