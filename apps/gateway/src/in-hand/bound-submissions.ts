import type { FastifyInstance, FastifyRequest } from 'fastify';
import { bearerToken } from '../auth/bearer-token.js';
import { secretIn } from '../auth/session-cookie.js';
import { networkOf } from '../http/network-of.js';
import { deliveryTooLarge, MOST_OF_DELIVERY_BYTES } from './delivery-size.js';
import type { InHand, Place } from './in-hand.js';

/** Whoever calls it has shown nothing yet, so it is bound the more. */
const DELIVERY = 'POST /hooks/:hook';

const BEGIN_RUNS: ReadonlySet<string> = new Set([
  DELIVERY,
  'POST /v1/runs',
  'POST /v1/runs/:id/fork',
  'POST /v1/goals',
  'POST /v1/schedules/:name/trigger',
]);

/** Requests that begin runs, from their head to their answer. */
export interface BoundSubmissions {
  /** Refuses what there is no room for: to be called before anything is asked of the database for it. */
  readonly letIn: (server: FastifyInstance) => void;
  /** To be called before whatever holds an answer up. */
  readonly letGo: (server: FastifyInstance) => void;
  /** Resolves once the request may be worked at. A text in hand is small, what is read from it need not be. @throws ProblemError 429 */
  readonly turn: (request: FastifyRequest) => Promise<void>;
}

/** @param inHand null: there is no bound */
export function boundSubmissions(inHand: InHand | null, mostBytes: number): BoundSubmissions {
  const places = new WeakMap<FastifyRequest, Place>();
  const turn = async (request: FastifyRequest): Promise<void> => places.get(request)?.turn();
  return {
    letIn: (server) => {
      server.addHook('onRequest', async (request) => {
        const isTooLarge = Number(request.headers['content-length']) > MOST_OF_DELIVERY_BYTES;
        if (isTooLarge && routeOf(request) === DELIVERY) throw deliveryTooLarge();
      });
      if (inHand === null) return;
      server.addHook('onRequest', async (request, reply) => {
        if (!BEGIN_RUNS.has(routeOf(request))) return;
        const place = inHand.come(whoSent(request), bytesOf(request, mostBytes));
        places.set(request, place);
        reply.raw.once('close', place.gone);
      });
      // What has no body that is read has had no turn yet.
      server.addHook('preHandler', turn);
    },
    letGo: (server) => {
      server.addHook('onSend', async (request) => places.get(request)?.leave());
    },
    turn,
  };
}

const routeOf = ({ method, routeOptions }: FastifyRequest): string => `${method} ${routeOptions.url}`;

/**
 * By what they show, before anybody has looked whether that is right: by the part of it that would be looked at, so that nobody is
 * several by writing it in several ways.
 */
function whoSent(request: FastifyRequest): string {
  const { authorization } = request.headers;
  const shown = authorization === undefined ? secretIn(request) : bearerToken(authorization);
  return shown ?? networkOf(request.ip);
}

/** As it says itself; what comes in pieces may have as many as are read. */
function bytesOf({ headers }: FastifyRequest, mostBytes: number): number {
  const said = Number(headers['content-length'] ?? (headers['transfer-encoding'] === undefined ? 0 : mostBytes));
  return Number.isFinite(said) ? Math.min(said, mostBytes) : mostBytes;
}
