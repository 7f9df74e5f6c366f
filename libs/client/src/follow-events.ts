import { EventView } from '@baton/contracts';
import { createParser } from 'eventsource-parser';
import type { Client } from './client.js';
import { Patience, type PatienceOptions } from './patience.js';
import { jsonIn } from './refused.js';

export interface FollowOptions extends PatienceOptions {
  readonly runId: string;
  /** Version of the last event that is already known; 0 for none. */
  readonly after: number;
}

/** Nothing follows these. A run that failed may be retried: its end is what the gateway says is its end. */
const ENDINGS: ReadonlySet<string> = new Set(['RunSucceeded', 'RunCancelled']);

/** What one connection brings: events, and at last the word that the run has ended. Heartbeats are passed over. */
async function* itemsOf(body: ReadableStream<Uint8Array> | null): AsyncGenerator<EventView | 'end'> {
  const waiting: (EventView | 'end')[] = [];
  const parser = createParser({
    onEvent: ({ event, data }) => {
      if (event === 'end') waiting.push('end');
      const parsed = EventView.safeParse(jsonIn(data));
      if (parsed.success) waiting.push(parsed.data);
    },
  });
  if (body === null) return;
  const decoder = new TextDecoder();
  // By a reader, since not every browser has streams that can be iterated over.
  const reader = body.getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      parser.feed(decoder.decode(read.value, { stream: true }));
      yield* waiting.splice(0);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** What one connection brings; it ends quietly where the connection was lost and may be taken up again. */
async function* connectOnce(
  client: Client,
  { runId, signal }: FollowOptions,
  seen: number,
  patience: Patience,
): AsyncGenerator<EventView | 'end'> {
  try {
    const body = await client.get('/v1/runs/{id}/events', {
      params: { path: { id: runId }, ...(seen === 0 ? {} : { header: { 'Last-Event-ID': seen } }) },
      headers: { accept: 'text/event-stream' },
      parseAs: 'stream',
      signal,
    });
    for await (const item of itemsOf(body)) {
      patience.isBack();
      yield item;
    }
  } catch (thrown) {
    if (!signal.aborted) patience.takeLoss(thrown);
  }
}

/**
 * Every event of a run after `after`, once and in order, until the run has ended or `signal` says stop. A lost connection
 * is taken up again behind the last event seen, so a gateway that restarts costs nothing but a pause.
 *
 * Throws what the gateway refuses with, and `gateway-unreachable` when it was away for longer than `patienceMs`.
 */
export async function* followEvents(client: Client, options: FollowOptions): AsyncGenerator<EventView> {
  const patience = new Patience(options);
  let seen = options.after;
  while (!options.signal.aborted) {
    for await (const item of connectOnce(client, options, seen, patience)) {
      if (item === 'end') return;
      if (item.version <= seen) continue;
      seen = item.version;
      yield item;
      if (ENDINGS.has(item.type)) return;
    }
    await patience.wait();
  }
}
