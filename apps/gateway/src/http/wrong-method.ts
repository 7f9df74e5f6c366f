import { METHODS } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { ProblemError } from './problem.js';

/** Methods by the path of their route, as it is registered. */
export type KnownRoutes = ReadonlyMap<string, ReadonlySet<string>>;

/** A route that only says what there is: it tells nothing that the documentation does not, and asks for no token. */
export const isAboutMethods = (request: FastifyRequest): boolean => isAboutMethodsConfig(request.routeOptions.config);

const isAboutMethodsConfig = (config: object): boolean => 'isAboutMethods' in config;

/** Collects the routes that are registered from now on. */
export function collectRoutes(server: FastifyInstance): KnownRoutes {
  const known = new Map<string, Set<string>>();
  server.addHook('onRoute', ({ url, method, config }: RouteOptions) => {
    if (config !== undefined && isAboutMethodsConfig(config)) return;
    const methods = known.get(url) ?? new Set();
    for (const each of [method].flat()) methods.add(each);
    known.set(url, methods);
  });
  return known;
}

/**
 * Answers every method that a path does not have: OPTIONS with those that it has, others with 405. To be called when all
 * routes are there, and before the server listens.
 */
export function answerOtherMethods(server: FastifyInstance, known: KnownRoutes): void {
  // CONNECT is none that a server of resources hears of.
  for (const method of METHODS)
    if (method !== 'CONNECT' && !server.supportedMethods.includes(method)) server.addHttpMethod(method);
  for (const url of known.keys()) {
    const methods = methodsOf(known, url);
    const allowed = [...new Set([...methods, 'OPTIONS'])].sort();
    const others = server.supportedMethods.filter((method) => method !== 'CONNECT' && !methods.has(method));
    server.route({
      url,
      method: others,
      // No body is read for an answer that does not depend on it.
      onRequest: (request: FastifyRequest, reply: FastifyReply, done) => {
        const allow = allowed.join(', ');
        if (request.method !== 'OPTIONS') return done(refusal(request.method, allow));
        void reply.status(204).header('allow', allow).send();
      },
      handler: () => undefined,
      config: { isAboutMethods: true },
    });
  }
}

/** Also those of patterns that match it: `/v1/workflows/validate` is the name of a workflow to GET. */
function methodsOf(known: KnownRoutes, url: string): ReadonlySet<string> {
  const parts = url.split('/');
  const matches = (pattern: string): boolean => {
    const others = pattern.split('/');
    const isLike = others.every((other, at) => other === '*' || other.startsWith(':') || other === parts[at]);
    return isLike && (others.length === parts.length || (others.at(-1) === '*' && parts.length > others.length));
  };
  return new Set([...known].flatMap(([pattern, methods]) => (matches(pattern) ? [...methods] : [])));
}

const refusal = (method: string, allow: string): ProblemError =>
  new ProblemError(`This address has no method ${method}.`, {
    status: 405,
    code: 'method-not-allowed',
    next: `It takes ${allow}.`,
    headers: { allow },
  });
