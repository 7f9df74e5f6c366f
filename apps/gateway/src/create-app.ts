import { nestLogger } from '@baton/service-kit';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { guard } from './access/guard.js';
import { limitKeys } from './auth/key-rates.js';
import { gatewayModule } from './gateway.module.js';
import { acceptJson } from './http/json-body.js';
import { refuseForeignHosts } from './http/known-hosts.js';
import { linkNextPages } from './http/next-link.js';
import { ProblemFilter } from './http/problem.filter.js';
import { limitAddresses, type RateLimits } from './http/rate-limits.js';
import { requestIdFor, tellRequestIds } from './http/request-ids.js';
import { tellBrowsers } from './http/security-headers.js';
import { limitSlowBodies } from './http/slow-bodies.js';
import { traceRequests } from './http/trace-requests.js';
import { readBeforeAnswer } from './http/unread-body.js';
import { answerOtherMethods, collectRoutes } from './http/wrong-method.js';
import { boundSubmissions } from './in-hand/bound-submissions.js';
import type { InHand } from './in-hand/in-hand.js';
import { type PageFiles } from './page/read-page.js';
import { servePage } from './page/serve-page.js';
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

const monotonicMs = (): number => performance.now();

/** What is refused before anything is done for it. */
export interface Doors {
  readonly rates: RateLimits;
  /** Requests that begin runs; null: as many as come. */
  readonly inHand: InHand | null;
  /** Names of hosts that are served beside the machine's own; null: any. */
  readonly hosts: readonly string[] | null;
  readonly trustedProxies: readonly string[];
}

/** What is served beside the API: `page` is absent where it is off, and null where it is not built. */
interface Served {
  readonly page?: PageFiles | null;
  /** Whether requests have spans. */
  readonly isTracing?: boolean;
}

/** The HTTP server, not yet listening. */
export async function createApp(
  parts: GatewayParts,
  doors: Doors,
  { page, isTracing = false }: Served = {},
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: UPLOAD_MS,
    http: { headersTimeout: HEAD_MS, connectionsCheckingInterval: LOOK_EVERY_MS },
    routerOptions: { ignoreTrailingSlash: true },
    genReqId: requestIdFor,
    // What is no address comes to no route and no hook, and is refused in the same words all the same.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) =>
      new ProblemFilter(parts.log, () => {}).send(error, request, reply),
    ...(doors.trustedProxies.length === 0 ? {} : { trustProxy: [...doors.trustedProxies] }),
  });
  const app = await NestFactory.create<NestFastifyApplication>(gatewayModule(parts), adapter, {
    logger: nestLogger(parts.log),
    abortOnError: false,
  });
  const server = app.getHttpAdapter().getInstance();
  // A text would be no body of any route: it is refused for what it is.
  server.removeContentTypeParser('text/plain');
  const submissions = boundSubmissions(doors.inHand, BODY_LIMIT_BYTES);
  submissions.letGo(server);
  readBeforeAnswer(server);
  tellRequestIds(server);
  traceRequests(server, isTracing);
  tellBrowsers(server);
  parts.metrics.watch(server);
  if (doors.hosts !== null) refuseForeignHosts(server, doors.hosts);
  limitSlowBodies(server, ({ routeOptions }) => (routeOptions.url === UPLOAD_ROUTE ? UPLOAD_MS : REQUEST_MS));
  const routes = collectRoutes(server);
  limitAddresses(server, doors.rates.address, monotonicMs);
  submissions.letIn(server);
  if (page !== undefined) servePage(server, page);
  const { refused } = guard(server, parts);
  app.useGlobalFilters(new ProblemFilter(parts.log, refused));
  limitKeys(server, doors.rates.key, monotonicMs);
  linkNextPages(server);
  acceptJson(app, BODY_LIMIT_BYTES, submissions.turn);
  acceptYaml(server, parts.catalog.checks);
  acceptTar(server);
  await app.init();
  answerOtherMethods(server, routes);
  return app;
}
