/** One server-sent event. Comments are left out. */
interface SseEvent {
  readonly id?: string;
  readonly event?: string;
  readonly data?: string;
}

/** A client of a stream, written against the standard: blocks of `name: value` lines, closed by an empty one. */
export interface Sse {
  readonly headers: Headers;
  /** The next events, that many. */
  take(count: number): Promise<readonly SseEvent[]>;
  /** Everything until the server closes. */
  rest(): Promise<readonly SseEvent[]>;
  close(): void;
}

export async function openSse(url: string, headers: Record<string, string>): Promise<Sse> {
  const controller = new AbortController();
  const response = await fetch(url, {
    headers: { accept: 'text/event-stream', ...headers },
    signal: controller.signal,
  });
  if (!response.ok || response.body === null) throw new Error(`${url} answered ${response.status}`);
  // Taken at once: fetch cancels a body that nobody reads as soon as its response is garbage.
  const events = parse(response.body.values());
  const take = async (count: number): Promise<readonly SseEvent[]> => {
    const taken: SseEvent[] = [];
    while (taken.length < count) {
      const next = await events.next();
      if (next.done) break;
      taken.push(next.value);
    }
    return taken;
  };
  return {
    headers: response.headers,
    take,
    rest: () => take(Number.POSITIVE_INFINITY),
    close: () => controller.abort(),
  };
}

async function* parse(body: AsyncIterable<Uint8Array>): AsyncGenerator<SseEvent> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = block
        .split('\n')
        .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trimStart()]);
      const event: SseEvent = Object.fromEntries(
        fields.filter(([name]) => ['id', 'event', 'data'].includes(name ?? '')),
      );
      if (Object.keys(event).length > 0) yield event;
    }
  }
}
