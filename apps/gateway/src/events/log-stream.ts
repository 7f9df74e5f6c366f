import type { ServerResponse } from 'node:http';
import type { OperationsChange, OperationsPart } from '@baton/contracts';
import type { LogTail } from '../parts/log-tail.js';
import type { OperationsWatch } from '../parts/operations-watch.js';
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
  readonly watch: Pick<OperationsWatch, 'listen'>;
}

export interface LogStreamRequest {
  /** Events up to this position are known to the client. */
  readonly after: number;
  readonly filter: LogFilter;
  /** Of which things that are no events it tells that they have changed; null: of none. */
  readonly also: ((part: OperationsPart) => boolean) | null;
  readonly heartbeatMs?: number;
}

/**
 * Writes the events of all runs as server-sent events, until the client or the gateway goes: `id` is the position, `data` an
 * EventView. Beside them, where that is asked
 * for, `event: operations` without an `id`. A heartbeat tells the position, too: who comes back after a long silence does not read what a filter left out.
 */
export async function streamLog(
  ports: LogStreamPorts,
  response: ServerResponse,
  { after, filter, also, heartbeatMs = HEARTBEAT_MS }: LogStreamRequest,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const signal = AbortSignal.any([gone.signal, ports.tail.stopping]);
  const waker = new Waker(signal);
  const unlisten = ports.tail.listenToAll(() => waker.wake());
  const changed = new Set<OperationsPart>();
  const unwatch =
    also === null
      ? () => {}
      : ports.watch.listen((parts) => {
          for (const part of parts) if (also(part)) changed.add(part);
          if (changed.size > 0) waker.wake();
        });
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
      if (changed.size > 0) {
        const change: OperationsChange = { changed: [...changed] };
        changed.clear();
        await writeOrWait(response, `event: operations\ndata: ${JSON.stringify(change)}\n\n`, signal);
      }
      if (page.length === PAGE || (await waker.wait(heartbeatMs))) continue;
      // No data: no event is told of, but where the client stands is.
      await writeOrWait(response, `: still here\nid: ${position}\n\n`, signal);
    }
  } finally {
    unlisten();
    unwatch();
    response.end();
  }
}
