import { nestLogger } from '@baton/service-kit';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { authenticator, type Caller, callers, refuseUnlessMay } from './auth/caller.js';
import { gatewayModule } from './gateway.module.js';
import { acceptJson } from './http/json-body.js';
import { ProblemFilter } from './http/problem.filter.js';
import { ProblemError } from './http/problem.js';
import { limitSlowBodies } from './http/slow-bodies.js';
import { readBeforeAnswer } from './http/unread-body.js';
import { answerOtherMethods, collectRoutes, isAboutMethods } from './http/wrong-method.js';
import { limitWrongTokens, type WrongTokens } from './http/wrong-tokens.js';
import type { GatewayParts } from './parts/parts.js';
import { acceptYaml } from './workflows/yaml-body.js';
import { acceptTar, UPLOAD_ROUTE } from './workspaces/tar-body.js';

const BODY_LIMIT_BYTES = 1024 * 1024;
/** A stop waits for connections that are kept alive: this must be well below the time a stop may take. */
const KEEP_ALIVE_MS = 5_000;
/** How long a client may take to send the head of a request, and all of it; looked at every few seconds. */
const HEAD_MS = 10_000;
const REQUEST_MS = 20_000;
/** An upload of the largest workspace at 3 Mbit/s. */
const UPLOAD_MS = 300_000;
const LOOK_EVERY_MS = 2_000;

/** Routes without a token. Whatever is not here needs one: a route that is added and forgotten is closed, not open. */
const OPEN_ROUTES: ReadonlySet<string> = new Set(['/livez', '/readyz']);

/** The HTTP server, not yet listening. */
export async function createApp(parts: GatewayParts): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: UPLOAD_MS,
    http: { headersTimeout: HEAD_MS, connectionsCheckingInterval: LOOK_EVERY_MS },
    routerOptions: { ignoreTrailingSlash: true },
  });
  const app = await NestFactory.create<NestFastifyApplication>(gatewayModule(parts), adapter, {
    logger: nestLogger(parts.log),
    abortOnError: false,
  });
  const filter = new ProblemFilter(parts.log);
  app.useGlobalFilters(filter);
  const server = app.getHttpAdapter().getInstance();
  // A text would be no body of any route: it is refused for what it is.
  server.removeContentTypeParser('text/plain');
  readBeforeAnswer(server);
  limitSlowBodies(server, ({ routeOptions }) => (routeOptions.url === UPLOAD_ROUTE ? UPLOAD_MS : REQUEST_MS));
  const routes = collectRoutes(server);
  guard(server, parts);
  acceptJson(app, BODY_LIMIT_BYTES);
  acceptYaml(server, parts.catalog.checks);
  acceptTar(server);
  await app.init();
  answerOtherMethods(server, routes);
  return app;
}

/**
 * Checks the token before the body is read. Asks for the route that was matched, not for the path that was sent: a path
 * can be written in many ways (`/%761/runs`) that lead to one route.
 */
function guard(server: FastifyInstance, { token, pool }: GatewayParts): void {
  const authenticate = authenticator(token, pool);
  const known = new WeakMap<FastifyRequest, Caller>();
  const wrong = limitWrongTokens(() => performance.now());
  server.addHook('onRequest', async (request, reply) => {
    reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    const route = request.routeOptions.url;
    if (route === undefined || OPEN_ROUTES.has(route) || isAboutMethods(request)) return;
    const { authorization } = request.headers;
    const caller = await authenticate(authorization).catch((thrown: unknown) => {
      throw refusalOf(thrown, wrong, request.ip, authorization !== undefined);
    });
    refuseUnlessMay(caller, request.method, route);
    known.set(request, caller);
  });
  server.addHook('preHandler', (request, _reply, done) => {
    const caller = known.get(request);
    if (caller === undefined) done();
    else callers.run(caller, done);
  });
}

/** What the client is told: that it is wrong, or, where it was too often, that it has to wait. No token is no guess. */
function refusalOf(thrown: unknown, wrong: WrongTokens, address: string, hasToken: boolean): unknown {
  const isWrong = thrown instanceof ProblemError && thrown.status === 401;
  const seconds = isWrong && hasToken ? wrong.count(address) : null;
  if (seconds === null) return thrown;
  return new ProblemError('Too many wrong tokens came from this address.', {
    status: 429,
    code: 'too-many-wrong-tokens',
    next: `Send the right one, or wait ${seconds} s.`,
    headers: { 'retry-after': String(seconds) },
    cause: thrown,
  });
}
