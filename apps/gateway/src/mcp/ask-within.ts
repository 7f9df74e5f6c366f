import type { FastifyInstance, FastifyRequest } from 'fastify';

/** What is taken over from the request that is answered: as whom, and under which id it stands in the log. */
const TAKEN_OVER = ['authorization'] as const;

/**
 * Asks the API in this very process, as whoever sent a request: through every guard, limit and log that a request over the
 * network goes through, and from the address that this one came from.
 */
export const askWithin =
  ({ server, ip, headers }: Pick<FastifyRequest, 'server' | 'ip' | 'headers'>) =>
  async (request: Request): Promise<Response> => {
    const { pathname, search } = new URL(request.url);
    const method = methodOf(request.method);
    const body = method === 'GET' ? null : await request.text();
    const own = Object.fromEntries(TAKEN_OVER.map((name) => [name, headers[name] ?? '']));
    const { signal } = request;
    const answer = await server.inject({
      ...{ method, url: `${pathname}${search}`, remoteAddress: ip, signal },
      headers: { ...Object.fromEntries(request.headers), ...own },
      ...(body === null || body === '' ? {} : { payload: body }),
    });
    return new Response(bodyOf(answer), { status: answer.statusCode, headers: headersOf(answer) });
  };

type Answer = Awaited<ReturnType<FastifyInstance['inject']>>;

const methodOf = (method: string): 'GET' | 'POST' | 'DELETE' => {
  if (method === 'GET' || method === 'POST' || method === 'DELETE') return method;
  throw new Error(`the API is not asked with ${method}`);
};

const bodyOf = ({ statusCode, rawPayload }: Answer): Uint8Array<ArrayBuffer> | null =>
  statusCode === 204 || statusCode === 304 ? null : new Uint8Array(rawPayload);

const headersOf = ({ headers }: Answer): Headers => {
  const all = new Headers();
  for (const [name, value] of Object.entries(headers))
    for (const each of [value ?? []].flat()) all.append(name, String(each));
  return all;
};
