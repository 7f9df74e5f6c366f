import { createHash } from 'node:crypto';
import type { ModelRequest } from '../model.js';

/*
 * A server keeps the beginning of a request once it has begun to answer it. Two readers of the same code who are asked at
 * once would both pay for writing it, and neither would read it: so the second waits until the first is being answered. It
 * changes when a call is made and nothing of what it is, so a task that comes again plays out as before.
 */

/** Longer than this nobody waits for somebody else's answer to begin. */
const MOST_WAIT_MS = 20_000;

export interface Beginnings {
  /** Waits where the same beginning is just being asked with. What it gives is called once the answer begins, or none comes. */
  readonly enter: (request: ModelRequest, signal: AbortSignal) => Promise<() => void>;
}

export function createBeginnings(mostWaitMs = MOST_WAIT_MS): Beginnings {
  const open = new Map<string, Promise<void>>();
  return {
    enter: async (request, signal) => {
      const key = keyOf(request);
      if (key === null) return () => {};
      const first = open.get(key);
      if (first !== undefined) {
        await soon(first, mostWaitMs, signal);
        return () => {};
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      open.set(key, promise);
      return () => {
        if (open.get(key) === promise) open.delete(key);
        resolve();
      };
    },
  };
}

/** Up to its last mark; null where it marks nothing, or goes on with a conversation that is kept already. */
function keyOf({ model, system, tools = [], parts = [], turns = [] }: ModelRequest): string | null {
  const end = parts.findLastIndex(({ cache }) => cache) + 1;
  if (end === 0 || turns.length > 0) return null;
  const kept = parts.slice(0, end).map(({ text }) => text);
  return createHash('sha256')
    .update(JSON.stringify([model, system, tools, kept]))
    .digest('hex');
}

async function soon(begun: Promise<void>, mostMs: number, signal: AbortSignal): Promise<void> {
  const { promise: given, resolve: giveUp } = Promise.withResolvers<void>();
  const timer = setTimeout(giveUp, mostMs);
  const stop = (): void => giveUp();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) giveUp();
  try {
    await Promise.race([begun, given]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}
