import type { FastifyInstance } from 'fastify';

/** Where a page has one after it, the header Link leads there: with the same filters, from where this one ended. */
export function linkNextPages(server: FastifyInstance): void {
  server.addHook('preSerialization', async (request, reply, payload) => {
    const next = ['GET', 'HEAD'].includes(request.method) ? nextOf(payload) : null;
    if (next === null) return payload;
    const url = new URL(request.url, 'http://gateway');
    url.searchParams.set('cursor', next);
    reply.header('link', `<${url.pathname}${url.search}>; rel="next"`);
    return payload;
  });
}

const nextOf = (payload: unknown): string | null =>
  typeof payload === 'object' && payload !== null && 'next' in payload && typeof payload.next === 'string'
    ? payload.next
    : null;
