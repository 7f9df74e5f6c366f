import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Actor, Role } from '@baton/contracts';
import { findApiKey } from '@baton/event-store';
import type { Pool } from 'pg';
import { ProblemError } from '../http/problem.js';
import { mayTake, rolesFor } from './route-roles.js';

/** Who sent a request, as its key says. */
export interface Caller {
  readonly actor: Actor;
  readonly roles: readonly Role[];
}

/** The key that `baton up` made, which is no row of the table: with it the first others are made. */
export const LOCAL_ADMIN = 'local-admin';

const KEY = /^baton_[\w-]{43}$/;
export const sha256Of = (text: string): Buffer => createHash('sha256').update(text).digest();
const callerNamed = (name: string, roles: readonly Role[]): Caller => ({ actor: { type: 'apikey', id: name }, roles });

/**
 * Reads the header `Authorization: Bearer <key>`. Hashes are compared, in constant time or by an index: the time an answer
 * takes says neither how long the key is nor how much of a guess was right.
 *
 * @throws ProblemError 401
 */
export function authenticator(token: string, pool: Pool): (authorization: string | undefined) => Promise<Caller> {
  const expected = sha256Of(token);
  return async (authorization) => {
    const given = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
    if (given === undefined) throw unauthorized('This address needs a token.');
    const hash = sha256Of(given);
    if (timingSafeEqual(hash, expected)) return callerNamed(LOCAL_ADMIN, ['admin']);
    const key = KEY.test(given) ? await findApiKey(pool, hash) : null;
    if (key === null) throw unauthorized('The token is not the right one.');
    return callerNamed(key.name, key.roles);
  };
}

const unauthorized = (detail: string): ProblemError =>
  new ProblemError(detail, {
    status: 401,
    code: 'unauthorized',
    next: 'Send the header Authorization: Bearer <token> with the BATON_TOKEN the gateway was started with, which `baton up` writes to .baton/env, or with a key of `baton auth key create`.',
    headers: { 'www-authenticate': 'Bearer realm="baton"' },
  });

/** @throws ProblemError 403 that names the roles that would do */
export function refuseUnlessMay({ actor, roles }: Caller, method: string, route: string): void {
  if (mayTake(roles, method, route)) return;
  const wanted = [...rolesFor(method, route), 'admin'].join(' or ');
  throw new ProblemError(`The key ${actor.id} has the role ${roles.join(' and ')}, and this needs ${wanted}.`, {
    status: 403,
    code: 'forbidden',
    next: 'Use a key with that role; an admin makes one with `baton auth key create`.',
  });
}

/** Hands whoever sent the request on to what is done for it. */
export const callers = new AsyncLocalStorage<Caller>();

/** Of the request that is being served. Throws where there is none: a route that is open has nobody. */
export function currentCaller(): Caller {
  const caller = callers.getStore();
  if (caller === undefined) throw new Error('nobody is known to have sent this request');
  return caller;
}
