import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

/** How a process that hangs is told from one that works. All in milliseconds of a clock that never jumps. */
export interface LivenessTiming {
  readonly everyMs: number;
  /** How long an answer may take. */
  readonly answerMs: number;
  /** Silence after which a process that has answered before counts as frozen. */
  readonly silentMs: number;
  /** The same for one that never has: it loads its program first. */
  readonly bootMs: number;
}

export const LIVENESS: LivenessTiming = { everyMs: 1_000, answerMs: 3_000, silentMs: 10_000, bootMs: 60_000 };

/**
 * Asks a process again and again whether it is there. Resolves with the silence in ms once that was too long, or with null
 * when `over` comes first.
 *
 * Silence counts only while whoever asks is awake: a machine that slept, or a supervisor that was stopped for an hour, has
 * asked nothing meanwhile. So each question counts for no more than it may take, however late its end is noticed.
 */
export async function untilFrozen(
  isAlive: (timeoutMs: number) => Promise<boolean>,
  timing: LivenessTiming,
  over: AbortSignal,
): Promise<number | null> {
  const mostMs = timing.everyMs + timing.answerMs;
  let hasAnswered = false;
  let silentMs = 0;
  let askedAt = performance.now();
  while (!over.aborted) {
    const answered = await isAlive(timing.answerMs);
    if (!answered && !over.aborted) await sleep(timing.everyMs, undefined, { signal: over }).catch(() => {});
    const now = performance.now();
    silentMs = answered ? 0 : silentMs + Math.min(now - askedAt, mostMs);
    hasAnswered ||= answered;
    askedAt = now;
    if (silentMs >= (hasAnswered ? timing.silentMs : timing.bootMs)) return over.aborted ? null : silentMs;
    if (answered) {
      await sleep(timing.everyMs, undefined, { signal: over }).catch(() => {});
      askedAt = performance.now();
    }
  }
  return null;
}
