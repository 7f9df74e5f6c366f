import { isSettled, type RunView } from '@baton/contracts';
import type { FastifyReply } from 'fastify';
import type { GatewayParts } from '../parts/parts.js';
import { Waker } from '../parts/waker.js';
import { type Asked, requireRun } from './find-run.js';

/** A proxy on the way may not wait longer. */
const MOST_SECONDS = 60;
/** Views are folded a little behind the log, and a run that has not begun has no event. */
const LOOK_EVERY_MS = 250;

/** The seconds in `Prefer: wait=N` (RFC 7240); null where there are none, since a preference is never an error. */
export function secondsToWait(prefer: string | undefined): number | null {
  const [, digits] = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,6})"?(?=$|[,;\s])/i.exec(prefer ?? '') ?? [];
  return digits === undefined ? null : Math.min(Number(digits), MOST_SECONDS);
}

/**
 * The run once it has ended or waits for somebody, or when the time that the client prefers to wait is up.
 *
 * @throws as requireRun
 */
export async function runAfterWait(
  parts: Asked & Pick<GatewayParts, 'tail' | 'ends'>,
  id: string,
  prefer: string | undefined,
  reply: FastifyReply,
): Promise<RunView> {
  const first = await requireRun(parts, id);
  const seconds = secondsToWait(prefer);
  if (seconds === null) return first;
  reply.header('preference-applied', `wait=${seconds}`);
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  const signal = AbortSignal.any([gone.signal, parts.tail.stopping]);
  const waker = new Waker(signal);
  const wake = (): void => waker.wake();
  const unlisten = [parts.tail.listen(first.runId, wake), parts.ends.listen(first.runId, wake)];
  const until = performance.now() + seconds * 1000;
  try {
    let run = first;
    while (!isSettled(run) && performance.now() < until && !signal.aborted) {
      await waker.wait(Math.min(LOOK_EVERY_MS, until - performance.now()));
      run = await requireRun(parts, first.runId);
    }
    return run;
  } finally {
    for (const end of unlisten) end();
  }
}
