import { openClient } from '@baton/client';
import { toError } from '@baton/contracts';
import { adviseModels, batonServer } from '@baton/mcp';
import { createMcpHandler } from '@modelcontextprotocol/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { rolesIn } from '../auth/caller.js';
import type { GatewayParts } from '../parts/parts.js';
import { askWithin } from './ask-within.js';
import { refuseLargeWait } from './refuse-large-wait.js';

/** Of the API, which is what its tools speak of. */
const VERSION = '1.0.0';

/** Taken over from what the protocol says with a request; who asks, and for what host, was looked at before. */
const READ_HEADERS = /^(accept|content-type|mcp-.+)$/;

/** Answers one request. */
export async function serveMcp(
  parts: Pick<GatewayParts, 'caller' | 'publicUrl' | 'log'>,
  request: FastifyRequest,
  body: unknown,
  reply: FastifyReply,
): Promise<void> {
  refuseLargeWait(body, request.headers['content-length']);
  const { actor, grants } = parts.caller();
  const origin = `${request.protocol}://${request.host}`;
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  const server = () =>
    batonServer({
      api: openClient({ url: origin, token: null, advise: adviseModels, fetch: askWithin(request) }),
      principal: { actor, roles: rolesIn(grants) },
      dashboardUrl: (parts.publicUrl ?? origin).replace(/\/+$/, ''),
      mayDecideOwnRuns: false,
      version: VERSION,
    });
  const onerror = (thrown: Error): void => parts.log.debug({ err: toError(thrown) }, 'a request of MCP went wrong');
  // A subscription would be a stream without end; wait_run is how a client follows.
  const handler = createMcpHandler(server, { maxSubscriptions: 0, onerror });
  // Not longer than the client waits: what it asked the API for is given up with it.
  gone.signal.addEventListener('abort', () => void handler.close(), { once: true });
  const answer = await handler.fetch(
    new Request(`${origin}/mcp`, { method: 'POST', headers: headersOf(request), signal: gone.signal }),
    { parsedBody: body },
  );
  const text = await answer.text();
  await handler.close();
  const type = answer.headers.get('content-type');
  if (type !== null) reply.type(type);
  await reply.status(answer.status).send(text);
}

function headersOf({ headers }: FastifyRequest): Headers {
  const all = new Headers();
  for (const [name, value] of Object.entries(headers))
    if (READ_HEADERS.test(name) && value !== undefined) all.set(name, [value].flat().join(', '));
  return all;
}
