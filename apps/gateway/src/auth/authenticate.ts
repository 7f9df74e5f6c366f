import { timingSafeEqual } from 'node:crypto';
import { findApiKey, LOCAL_ADMIN } from '@baton/event-store';
import type { Pool } from 'pg';
import { ProblemError } from '../http/problem.js';
import type { Known } from './caller.js';
import { markOfKey, sha256Of } from './key-format.js';

/** What callers are told apart with. */
export interface AuthenticationPorts {
  /** The token of the stack itself: whoever has it is an admin. */
  readonly token: string;
  readonly pool: Pool;
  /** Tokens of the identity provider; null where there is none. */
  readonly users: { readonly callerOf: (token: string) => Promise<Known> } | null;
  /** Told of each key that was used. */
  readonly onKeyUsed: (keyId: string) => void;
}

/**
 * Reads the header `Authorization: Bearer <key or token>`. Hashes are compared, in constant time: how long an answer takes
 * says neither how long the key is nor how much of a guess was right.
 *
 * @throws ProblemError 401, and what the identity provider's part throws
 */
export function authenticator(ports: AuthenticationPorts): (authorization: string | undefined) => Promise<Known> {
  const expected = sha256Of(ports.token);
  return async (authorization) => {
    const given = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
    if (given === undefined) throw unauthorized('This address needs a token.');
    if (timingSafeEqual(sha256Of(given), expected)) {
      return {
        actor: { type: 'apikey', id: LOCAL_ADMIN },
        grants: [{ roles: ['admin'], scope: null }],
        credential: { type: 'stack' },
      };
    }
    if (given.startsWith('baton_')) return ofKey(ports, given);
    if (ports.users !== null && isToken(given)) return ports.users.callerOf(given);
    throw unauthorized('The token is not the right one.');
  };
}

/** Three parts, the first of which is JSON. */
const isToken = (given: string): boolean => /^ey[\w-]+\.[\w-]+\.[\w-]+$/.test(given);

async function ofKey({ pool, onKeyUsed }: AuthenticationPorts, given: string): Promise<Known> {
  const mark = markOfKey(given);
  const key = mark === null ? null : await findApiKey(pool, mark);
  if (mark === null || key === null || !timingSafeEqual(mark.sha256, key.sha256)) {
    throw unauthorized('The token is not the right one.');
  }
  const { keyId, name, roles, scope, person, knownTo, status, expiresAt } = key;
  if (status === 'revoked') throw unauthorized(`The key ${name} was revoked.`, 'key-revoked');
  if (status === 'expired') throw unauthorized(`The key ${name} expired at ${expiresAt}.`, 'key-expired');
  onKeyUsed(keyId);
  return {
    actor: {
      type: 'apikey',
      id: name,
      ...(person === null ? {} : { person }),
      ...(knownTo.length === 0 ? {} : { knownTo: [...knownTo] }),
    },
    grants: [{ roles, scope }],
    credential: { type: 'key', keyId, isReplaced: status === 'replaced', expiresAt },
  };
}

/** A refusal of whoever could not prove who they are. */
export const unauthorized = (detail: string, code = 'unauthorized'): ProblemError =>
  new ProblemError(detail, {
    status: 401,
    code,
    next: 'Send the header Authorization: Bearer <token> with the BATON_TOKEN the gateway was started with, which `baton up` writes to .baton/env, or with a key of `baton auth key create`.',
    headers: { 'www-authenticate': 'Bearer realm="baton"' },
  });
