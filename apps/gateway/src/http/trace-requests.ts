import { AsyncLocalStorage } from 'node:async_hooks';
import { readTraceparent } from '@baton/contracts';
import { type Span, startSpan, traceparentOf } from '@baton/telemetry';
import type { FastifyInstance, FastifyRequest } from 'fastify';

const traces = new AsyncLocalStorage<string>();

/** The trace that the request under way belongs to, for what it has the hub do; undefined where it belongs to none. */
export const currentTrace = (): string | undefined => traces.getStore();

/** Answered many times a minute by whoever looks whether all is well. */
const WITHOUT_SPAN: ReadonlySet<string> = new Set(['/livez', '/readyz', '/metrics']);
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/**
 * Each request is a span where this gateway has tracing, named by its route. Without it the trace of whoever asked is what runs
 * are begun under. A header that is no trace context is left out, as the standard wants it.
 */
export function traceRequests(server: FastifyInstance, isTracing: boolean): void {
  const spans = new WeakMap<FastifyRequest, Span>();
  server.addHook('onRequest', (request, _reply, done) => {
    if (isTracing && !WITHOUT_SPAN.has(request.routeOptions.url ?? '')) spans.set(request, spanOf(request));
    done();
  });
  server.addHook('preHandler', (request, _reply, done) => {
    const trace = traceparentOf(spans.get(request)) ?? readTraceparent(request.headers.traceparent);
    if (trace === undefined) done();
    else traces.run(trace, done);
  });
  server.addHook('onResponse', async (request, reply) => {
    const span = spans.get(request);
    if (span === undefined) return;
    span.setAttribute('http.response.status_code', reply.raw.statusCode);
    if (reply.raw.statusCode >= 500) span.setAttribute('error.type', String(reply.raw.statusCode));
    span.end();
  });
}

function spanOf({ method, routeOptions, headers, id }: FastifyRequest): Span {
  const route = routeOptions.url ?? 'none';
  const known = METHODS.has(method) ? method : '_OTHER';
  return startSpan(`${known} ${route}`, {
    kind: 'SERVER',
    parent: readTraceparent(headers.traceparent),
    isRoot: true,
    attributes: { 'http.request.method': known, 'http.route': route, 'baton.http.request_id': id },
  });
}
