import type { FastifyInstance } from 'fastify';
import { bucketsOf, refuseWhenEmpty } from '../http/rate-limits.js';
import { callers } from './caller.js';

/** To be called behind the guard, which knows whose key it is. */
export function limitKeys(server: FastifyInstance, perSecond: number | null, monotonicMs: () => number): void {
  const buckets = bucketsOf(perSecond, monotonicMs);
  if (buckets === null) return;
  server.addHook('preHandler', async () => {
    const caller = callers.getStore();
    if (caller !== undefined) refuseWhenEmpty(buckets.take(caller.actor.id), 'with this key');
  });
}
