import type { ServerResponse } from 'node:http';
import type { LogTail } from '../parts/log-tail.js';
import { Waker } from '../parts/waker.js';
import { HEARTBEAT_MS, RECONNECT_MS, writeOrWait } from './event-stream.js';
import { isWanted, type LogFilter } from './log-filter.js';
import type { LogPages } from './log-pages.js';
import type { RunOrigins } from './run-origins.js';

const PAGE = 200;

export interface LogStreamPorts {
  readonly tail: LogTail;
  readonly pages: LogPages;
  readonly origins: RunOrigins;
}

export interface LogStreamRequest {
  /** Events up to this position are known to the client. */
  readonly after: number;
  readonly filter: LogFilter;
  readonly heartbeatMs?: number;
}

/**
 * Writes the events of all runs as server-sent events, until the client or the gateway goes: `id` is the position, `data` an
 * EventView. A heartbeat tells the position, too: who comes back after a long silence does not read what a filter left out.
 */
export async function streamLog(
  ports: LogStreamPorts,
  response: ServerResponse,
  { after, filter, heartbeatMs = HEARTBEAT_MS }: LogStreamRequest,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const signal = AbortSignal.any([gone.signal, ports.tail.stopping]);
  const waker = new Waker(signal);
  const unlisten = ports.tail.listenToAll(() => waker.wake());
  try {
    let position = after;
    response.write(`retry: ${RECONNECT_MS}\nid: ${position}\n\n`);
    while (!signal.aborted) {
      const page = await ports.pages.after(position, PAGE);
      for (const { view, json } of page) {
        position = view.position;
        if (!(await isWanted(view, filter, ports.origins))) continue;
        await writeOrWait(response, `id: ${position}\ndata: ${json}\n\n`, signal);
      }
      if (page.length === PAGE || (await waker.wait(heartbeatMs))) continue;
      // No data: no event is told of, but where the client stands is.
      await writeOrWait(response, `: still here\nid: ${position}\n\n`, signal);
    }
  } finally {
    unlisten();
    response.end();
  }
}
