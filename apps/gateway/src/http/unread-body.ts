import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';

/** What is read of a body that nobody wants, and for how long, before the answer is sent all the same. */
const MOST_BYTES = 32 * 1024 * 1024;
const MOST_MS = 10_000;

/**
 * An answer that comes before the body was read has to wait for it: who closes a connection on which bytes are unread resets
 * it, and the client, still sending, never sees the answer. Whoever sends without end gets no further than a bound.
 */
export function readBeforeAnswer(server: FastifyInstance): void {
  server.addHook('onSend', async (request, reply) => {
    const { raw } = request;
    // A request that was made in this process is no message of a connection: it is only known to have been read.
    if (raw.complete || raw.readableEnded || (await readToTheEnd(raw))) reply.removeHeader('connection');
    else reply.header('connection', 'close');
  });
}

/** Whether the end was reached. */
function readToTheEnd(request: IncomingMessage): Promise<boolean> {
  return new Promise((resolve) => {
    let bytes = 0;
    const end = (): void => {
      clearTimeout(timer);
      for (const event of ['end', 'close', 'error', 'aborted'] as const) request.off(event, end);
      request.off('data', count);
      resolve(request.complete || request.readableEnded);
    };
    const count = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes > MOST_BYTES) end();
    };
    const timer = setTimeout(end, MOST_MS);
    for (const event of ['end', 'close', 'error', 'aborted'] as const) request.once(event, end);
    request.on('data', count);
    request.resume();
  });
}
