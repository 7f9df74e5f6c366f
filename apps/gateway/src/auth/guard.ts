import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ProblemError } from '../http/problem.js';
import { isAboutMethods } from '../http/wrong-method.js';
import { limitWrongTokens, type WrongTokens } from '../http/wrong-tokens.js';
import type { GatewayParts } from '../parts/parts.js';
import { authenticator } from './authenticate.js';
import { type Caller, callers, refuseUnlessMay } from './caller.js';
import { endWithCredential } from './end-with-credential.js';
import { noteKeyUses } from './key-uses.js';

/** Routes without a token. Whatever is not here needs one: a route that is added and forgotten is closed, not open. */
const OPEN_ROUTES: ReadonlySet<string> = new Set(['/livez', '/readyz']);

/**
 * Checks the token before the body is read. Asks for the route that was matched, not for the path that was sent: a path
 * can be written in many ways (`/%761/runs`) that lead to one route.
 */
export function guard(server: FastifyInstance, parts: GatewayParts): void {
  const { token, pool, log, users, nowMs } = parts;
  const monotonicMs = (): number => performance.now();
  const uses = noteKeyUses(pool, log, monotonicMs);
  const open = endWithCredential(pool, log, nowMs);
  const authenticate = authenticator({ token, pool, users, onKeyUsed: uses.used });
  const known = new WeakMap<FastifyRequest, Caller>();
  const wrong = limitWrongTokens(monotonicMs);
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
    open.add(reply.raw, caller);
  });
  server.addHook('preHandler', (request, _reply, done) => {
    const caller = known.get(request);
    if (caller === undefined) done();
    else callers.run(caller, done);
  });
  server.addHook('onClose', async () => {
    open.stop();
    await uses.stop();
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
