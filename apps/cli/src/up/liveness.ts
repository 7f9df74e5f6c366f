import { setTimeout as sleep } from 'node:timers/promises';

/** How a process that hangs is told from one that works. All in milliseconds of a clock that never jumps. */
export interface LivenessTiming {
  readonly everyMs: number;
  /** How long an answer may take. */
  readonly answerMs: number;
  /** Silence after which a process that was ready once counts as frozen. */
  readonly silentMs: number;
  /** The same for one that never was: it loads its program, and answers in between. */
  readonly bootMs: number;
}

/**
 * What is promised is that its work goes on within 15 s. Notice, start and whoever has the leases of the former process share
 * these: with 10 s of silence it was 16 s on a busy machine.
 */
export const LIVENESS: LivenessTiming = { everyMs: 1_000, answerMs: 3_000, silentMs: 7_000, bootMs: 60_000 };

interface Watched {
  readonly wasReady: () => boolean;
  readonly pause?: (ms: number, over: AbortSignal) => Promise<unknown>;
}

/**
 * Asks a process again and again whether it is there. Resolves with the silence in ms once that was too long, or with null
 * when `over` comes first.
 *
 * Silence counts only while whoever asks is awake: a machine that slept, or a supervisor that was stopped for an hour, has
 * asked nothing meanwhile. So each question counts for no more than it may take, however late its end is noticed. The last
 * one gets the time that is left: whoever waits for the process waits for it, too.
 */
export async function untilFrozen(
  isAlive: (timeoutMs: number) => Promise<boolean>,
  timing: LivenessTiming,
  over: AbortSignal,
  { wasReady, pause = (ms, signal) => sleep(ms, undefined, { signal }) }: Watched,
): Promise<number | null> {
  let [isBooting, silentMs] = [true, 0];
  while (!over.aborted) {
    // What was silent while it loaded has answered by being ready.
    if (isBooting && wasReady()) [isBooting, silentMs] = [false, 0];
    const mostMs = isBooting ? timing.bootMs : timing.silentMs;
    const leftMs = mostMs - silentMs;
    const asked = await question(isAlive, { ...timing, leftMs }, (ms) => pause(ms, over).catch(() => {}));
    silentMs = asked.isAnswered ? 0 : silentMs + asked.silentMs;
    if (silentMs >= mostMs && isBooting !== wasReady()) return over.aborted ? null : silentMs;
    if (asked.isAnswered) await pause(timing.everyMs, over).catch(() => {});
  }
  return null;
}

/** One question, and the pause after it where nobody answered; the silence is that of both. */
async function question(
  isAlive: (timeoutMs: number) => Promise<boolean>,
  { answerMs: mostMs, everyMs, leftMs }: LivenessTiming & { readonly leftMs: number },
  pause: (ms: number) => Promise<unknown>,
): Promise<{ readonly isAnswered: boolean; readonly silentMs: number }> {
  const askedAt = performance.now();
  // A timer takes whole milliseconds.
  const answerMs = Math.ceil(Math.min(mostMs, leftMs));
  if (await isAlive(answerMs)) return { isAnswered: true, silentMs: 0 };
  const pauseMs = Math.min(everyMs, Math.ceil(leftMs) - answerMs);
  if (pauseMs > 0) await pause(pauseMs);
  return { isAnswered: false, silentMs: Math.min(performance.now() - askedAt, answerMs + pauseMs) };
}
