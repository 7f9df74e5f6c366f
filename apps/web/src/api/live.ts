import { EventView, OperationsChange } from '@baton/contracts';
import type { QueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { operationsKey } from './operations.js';
import { sessionQuery } from './session.js';

/*
 * One stream of all that happens (`GET /v1/events`), for the whole page. An event does not carry what is shown: it says what is
 * out of date, and that is asked for again, at most twice a second however much happens. What is no event of a run, such as how
 * much waits in queues, the gateway looks at every few seconds, and says on the same stream what has changed. A page that
 * nobody sees asks for nothing; when it is seen again it asks for everything once. The browser takes a lost connection up again
 * by itself and says behind which event; what it says then, and for how long the gateway has been away, is shown.
 */

export type Connection = 'live' | 'connecting' | 'lost' | 'hidden';

const STALE_AFTER_MS = 500;
const TOLD_OF: ReadonlySet<unknown> = new Set(['run', 'live', 'operations']);
/** The browser gives up where the answer is no stream, as while a gateway starts: then it is tried anew. */
const AGAIN_MS = 2_000;

let connection: Connection = 'connecting';
const listeners = new Set<() => void>();

function say(next: Connection): void {
  if (next === connection) return;
  connection = next;
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Whether what is shown is up to date by itself. */
export const useConnection = (): Connection => useSyncExternalStore(subscribe, () => connection);

/** The runs that something happened to, gathered until they are asked for. */
function staleMarker(queries: QueryClient): { readonly mark: (runId: string) => void; readonly stop: () => void } {
  const runs = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | null = null;
  const tell = (): void => {
    timer = null;
    for (const runId of runs) void queries.invalidateQueries({ queryKey: ['run', runId] });
    runs.clear();
    void queries.invalidateQueries({ queryKey: ['live'] });
  };
  return {
    mark(runId) {
      runs.add(runId);
      timer ??= setTimeout(tell, STALE_AFTER_MS);
    },
    stop() {
      if (timer !== null) clearTimeout(timer);
    },
  };
}

/**
 * Keeps queries up to date while the page is seen: those whose key begins with `run` and its id, when something happens to
 * that run; those that begin with `live`, whatever happens; and those of `operationsKey`, when what they are about is another.
 *
 * @returns ends it
 */
export function followLog(queries: QueryClient): () => void {
  const stale = staleMarker(queries);
  let source: EventSource | null = null;
  let retry: ReturnType<typeof setTimeout> | null = null;
  let wasAway = false;
  let wasOpen = false;

  const open = (): void => {
    source = new EventSource('/v1/events?also=operations');
    source.addEventListener('open', () => {
      say('live');
      // What happened meanwhile and did not come, as after a restart of the browser's own reconnection.
      if (wasAway) void queries.invalidateQueries();
      // What happened between the first answers and the beginning of the stream: it tells only what comes after that.
      else if (!wasOpen) void queries.invalidateQueries({ predicate: ({ queryKey: [kind] }) => TOLD_OF.has(kind) });
      wasAway = false;
      wasOpen = true;
    });
    source.addEventListener('message', ({ data }) => take(data));
    source.addEventListener('operations', ({ data }) => takeChange(data));
    source.addEventListener('error', () => {
      wasAway = true;
      say('lost');
      if (source?.readyState !== EventSource.CLOSED) return;
      retry = setTimeout(open, AGAIN_MS);
      // It may be that the session has ended.
      void queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
    });
  };
  const take = (data: unknown): void => {
    const parsed = EventView.safeParse(jsonIn(data));
    if (parsed.success) stale.mark(parsed.data.runId);
  };
  const takeChange = (data: unknown): void => {
    const parsed = OperationsChange.safeParse(jsonIn(data));
    if (!parsed.success) return;
    for (const part of parsed.data.changed) void queries.invalidateQueries({ queryKey: operationsKey(part) });
  };
  const close = (): void => {
    if (retry !== null) clearTimeout(retry);
    retry = null;
    source?.close();
    source = null;
  };
  const follow = (): void => {
    close();
    if (document.hidden) {
      wasAway = true;
      say('hidden');
      return;
    }
    say('connecting');
    open();
  };
  follow();
  document.addEventListener('visibilitychange', follow);
  return () => {
    document.removeEventListener('visibilitychange', follow);
    close();
    stale.stop();
  };
}

function jsonIn(data: unknown): unknown {
  try {
    return JSON.parse(String(data));
  } catch {
    return undefined;
  }
}
