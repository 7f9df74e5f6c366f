import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/**
 * Gives up on a client whose body does not come to its end in time. The server's own bound is one for all requests; an upload
 * may take longer than what anybody writes into a JSON body.
 */
export function limitSlowBodies(server: FastifyInstance, mostMs: (request: FastifyRequest) => number): void {
  server.addHook('onRequest', (request, _reply, done) => {
    const { raw } = request;
    if (!raw.complete) {
      const timer = setTimeout(() => giveUp(raw), mostMs(request));
      timer.unref();
      for (const event of ['end', 'close'] as const) raw.once(event, () => clearTimeout(timer));
    }
    done();
  });
}

/** What the server itself says when a head takes too long. */
const TOO_SLOW = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n';

function giveUp({ complete, socket }: IncomingMessage): void {
  if (complete || socket.destroyed) return;
  socket.write(TOO_SLOW, () => socket.destroy());
}
