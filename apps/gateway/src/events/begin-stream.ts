import type { FastifyReply } from 'fastify';

/** Sends the head of a stream; from here on its writer has the connection for itself. */
export function beginStream(reply: FastifyReply): void {
  const said = reply.getHeaders();
  reply.hijack();
  reply.raw.writeHead(200, {
    ...Object.fromEntries(
      Object.entries(said).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    ),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    // A connection kept alive after its stream would keep a stopping server waiting for its next request.
    connection: 'close',
    // Tells nginx and those who copied it not to hold events back.
    'x-accel-buffering': 'no',
  });
}
