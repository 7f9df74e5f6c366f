import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { RunStatus } from '@baton/contracts';
import { readStream } from '@baton/event-store';
import { getRun } from '@baton/read-model';
import type { Pool } from 'pg';
import type { LogTail } from '../parts/log-tail.js';
import { Waker } from '../parts/waker.js';
import { endedBy, eventView, mayComeLate } from './event-view.js';

const PAGE = 200;
export const HEARTBEAT_MS = 15_000;
export const RECONNECT_MS = 2_000;
/** How often a run that has not begun is looked at: the hub may have refused its submission. */
const NOT_BEGUN_MS = 2_000;

/** How a stream ends: as the run did, or `rejected` when its submission went to the dead letter. */
type Ending = RunStatus | 'rejected';

export interface EventStreamPorts {
  readonly pool: Pool;
  readonly tail: LogTail;
}

export interface EventStreamRequest {
  readonly runId: string;
  /** Events up to this version are known to the client. */
  readonly after: number;
  /** How the run ended, when the client knows its last event already: nothing follows then but the end. */
  readonly ended: RunStatus | null;
  /** How the run had ended when the stream began, where it had: all that the client does not know may have come after the end. */
  readonly before?: RunStatus | null;
  readonly heartbeatMs?: number;
}

/**
 * Writes the run's events as server-sent events: `id` is the version, `data` an EventView. When the run has ended an
 * `end` event with its status follows and the stream closes. Otherwise it stays open until the client or the gateway
 * goes; on an error of the database it breaks off, and the client comes back with Last-Event-ID.
 */
export async function streamEvents(
  ports: EventStreamPorts,
  response: ServerResponse,
  request: EventStreamRequest,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const signal = AbortSignal.any([gone.signal, ports.tail.stopping]);
  const waker = new Waker(signal);
  const unlisten = ports.tail.listen(request.runId, () => waker.wake());
  try {
    response.write(`retry: ${RECONNECT_MS}\n\n`);
    const ended = request.ended ?? (await follow(ports.pool, response, request, waker, signal));
    if (ended !== null) response.write(`event: end\ndata: ${JSON.stringify({ status: ended })}\n\n`);
  } finally {
    unlisten();
    response.end();
  }
}

/** @returns how the run ended; null when the client or the gateway went first. */
async function follow(
  pool: Pool,
  response: ServerResponse,
  { runId, after, before = null, heartbeatMs = HEARTBEAT_MS }: EventStreamRequest,
  waker: Waker,
  signal: AbortSignal,
): Promise<Ending | null> {
  let version = after;
  let newest = '';
  while (!signal.aborted) {
    const page = await readStream(pool, runId, { fromVersion: version + 1, limit: PAGE });
    for (const stored of page) {
      await writeOrWait(response, `id: ${stored.version}\ndata: ${JSON.stringify(eventView(stored))}\n\n`, signal);
      version = stored.version;
    }
    newest = page.findLast(({ type }) => !mayComeLate(type))?.type ?? newest;
    if (page.length === PAGE) continue;
    // No event but the newest ends a run: one that failed goes on when it is retried.
    const ended = newest === '' ? before : endedBy(newest);
    if (ended !== null) return ended;
    if (await waker.wait(version === 0 ? NOT_BEGUN_MS : heartbeatMs)) continue;
    if (version === 0 && (await getRun(pool, runId)) === null) return 'rejected';
    // Also tells proxies, and this process, whether the client is still there.
    await writeOrWait(response, ': still here\n\n', signal);
  }
  return null;
}

/** A client that reads slowly makes this wait, not the process hold what it has not read. */
export async function writeOrWait(response: ServerResponse, text: string, signal: AbortSignal): Promise<void> {
  if (signal.aborted || response.write(text)) return;
  await once(response, 'drain', { signal }).catch(() => {
    // The client or the gateway went: the loop sees it.
  });
}
