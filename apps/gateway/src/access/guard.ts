import { type AccessNote, noteAccess } from '@baton/event-store';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Caller, callerOn, callers, type Known } from '../auth/caller.js';
import { endWithCredential } from '../auth/end-with-credential.js';
import { noteRefusals, toAccessLog } from '../auth/note-refusals.js';
import { isOpenRoute } from '../auth/route-roles.js';
import { refuseForgery, secretIn } from '../auth/session-cookie.js';
import type { SignIns } from '../auth/sign-ins.js';
import type { ProblemError } from '../http/problem.js';
import { isAboutMethods } from '../http/wrong-method.js';
import type { GatewayParts } from '../parts/parts.js';

/**
 * Checks the token before the body is read. Asks for the route that was matched, not for the path that was sent: a path
 * can be written in many ways (`/%761/runs`) that lead to one route.
 */
export function guard(server: FastifyInstance, parts: GatewayParts): Guard {
  const { signIns, pool, log, nowMs } = parts;
  const monotonicMs = (): number => performance.now();
  const open = endWithCredential(pool, log, nowMs);
  const actors = new WeakMap<FastifyRequest, Known>();
  const known = new WeakMap<FastifyRequest, Caller>();
  const refusals = noteRefusals(toAccessLog(pool), log, monotonicMs);
  server.addHook('onRequest', async (request, reply) => {
    const route = request.routeOptions.url;
    if (route === undefined || isOpenRoute(request.method, route) || isAboutMethods(request)) return;
    const whoever = await whoeverSent(request, signIns);
    actors.set(request, whoever);
    if (whoever.session !== undefined) refuseForgery(request, whoever.session.csrf);
    known.set(request, { ...callerOn(whoever, request.method, route), address: request.ip });
    // What ends a session is answered all the same.
    if (!isSignOut(request)) open.add(reply.raw, whoever);
  });
  server.addHook('onResponse', async (request, reply) => {
    const session = known.get(request)?.session;
    if (session !== undefined && isSignOut(request) && reply.statusCode === 204) open.endSession(session.sessionId);
  });
  // Before it is done, so that nothing is done of which nobody knows who asked.
  server.addHook('preHandler', async (request) => {
    const caller = known.get(request);
    if (caller !== undefined && isNoted(request)) await noteAccess(pool, noteOf(request, caller));
  });
  server.addHook('preHandler', (request, _reply, done) => {
    const caller = known.get(request);
    if (caller === undefined) done();
    else callers.run(caller, done);
  });
  server.addHook('onClose', async () => {
    open.stop();
    await signIns.stop();
    await refusals.stop();
  });
  return {
    refused: ({ status, code }, request) => {
      const [who, caller] = [actors.get(request), known.get(request)];
      // To a key for certain runs any other is one that is not there; to whoever looks for them it tells who looked.
      const isOut = caller?.scopes != null && (code === 'run-not-found' || code === 'approval-not-found');
      if (status !== 401 && status !== 403 && status !== 429 && !isOut) return;
      refusals.note({
        actor: who?.actor ?? null,
        address: request.ip,
        route: routeOf(request),
        code,
        about: who === undefined ? idOfKey(request.headers.authorization) : undefined,
      });
    },
  };
}

/** What the answers to requests tell the guard. */
export interface Guard {
  readonly refused: (problem: Pick<ProblemError, 'status' | 'code'>, request: FastifyRequest) => void;
}

const routeOf = ({ method, routeOptions }: FastifyRequest): string => `${method} ${routeOptions.url ?? ''}`;

/**
 * What changes nothing, what becomes an event of a run with its actor or keeps a task of one alive, keys and sessions, which note more in the transaction
 * that changes them, and /mcp, whose calls come by these routes themselves.
 */
const NOT_NOTED =
  /^(GET|HEAD) |^POST \/v1\/(runs|workspaces|approvals|task-tokens)(\/|$)|^POST \/v1\/(workflows\/(validate|graph|consider)|decisions\/backtest)$|^POST \/mcp$| \/v1\/auth\/(keys|session)/;

const isNoted = (request: FastifyRequest): boolean => !NOT_NOTED.test(routeOf(request));

const Parameters = z.record(z.string(), z.string()).catch({});

const noteOf = (request: FastifyRequest, { actor, address }: Caller): AccessNote => ({
  kind: 'asked',
  actor,
  address,
  route: routeOf(request),
  about: Object.values(Parameters.parse(request.params)).join(' '),
});

/** The part of a key that may be shown. */
const idOfKey = (authorization: string | undefined): string | undefined =>
  /^Bearer +baton_([0-9A-Za-z]{12})_/i.exec(authorization ?? '')?.[1];

/**
 * By the header, whatever cookie comes with it, else by the cookie. No token is no guess, and neither is a session that is over:
 * the page of it goes on asking.
 */
function whoeverSent(request: FastifyRequest, signIns: SignIns): Promise<Known> {
  const { authorization } = request.headers;
  const secret = authorization === undefined ? secretIn(request) : null;
  if (secret !== null) return signIns.bySecret(secret);
  return signIns.byHeader(authorization).catch((thrown: unknown) => {
    throw authorization === undefined ? thrown : signIns.wrongGuess(thrown, request.ip);
  });
}

const isSignOut = (request: FastifyRequest): boolean => routeOf(request) === 'DELETE /v1/auth/session';
