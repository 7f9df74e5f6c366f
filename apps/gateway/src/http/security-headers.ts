import type { FastifyInstance } from 'fastify';

/**
 * What browsers are told about every answer: it is kept by no cache, read as no other type, shown in no frame, and runs
 * nothing. No header opens it to pages of other origins: those never get to read an answer.
 */
const HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
} as const;

export function tellBrowsers(server: FastifyInstance): void {
  server.addHook('onRequest', async (_, reply) => {
    reply.headers(HEADERS);
  });
}
