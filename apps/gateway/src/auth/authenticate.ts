import { timingSafeEqual } from 'node:crypto';
import type { Actor } from '@baton/contracts';
import {
  type FoundApiKey,
  findApiKey,
  findApiKeyById,
  findApiKeyByName,
  type HeldCredential,
  LOCAL_ADMIN,
} from '@baton/event-store';
import type { Pool } from 'pg';
import { bearerToken } from './bearer-token.js';
import type { Known } from './caller.js';
import { openHeld } from './held-credential.js';
import { markOfKey, sha256Of } from './key-format.js';
import type { Users } from './oidc-users.js';
import { unauthorized } from './unauthorized.js';

/** What callers are told apart with. */
export interface AuthenticationPorts {
  /** The token of the stack itself: whoever has it is an admin. */
  readonly token: string;
  readonly pool: Pool;
  /** Tokens of the identity provider; null where there is none. */
  readonly users: Users | null;
  /** Told of each key that was used. */
  readonly onKeyUsed: (keyId: string) => void;
}

/** Each throws ProblemError 401 for whoever could not prove who they are, and what the identity provider's part throws. */
export interface Authenticator {
  /** The header `Authorization: Bearer <key or token>`. */
  readonly byHeader: (authorization: string | undefined) => Promise<Known>;
  readonly byToken: (given: string) => Promise<Known>;
  /**
   * Somebody who is not there, by the actor of one of their keys, as it stands now; null where there is no such key, and where
   * the one of that time was revoked: whoever made another under its name need not be the same.
   *
   * @param since when they showed it; RFC 3339
   */
  readonly byKeyName: (actor: Actor, since: string) => Promise<Known | null>;
  /** What was held of a credential that was shown before; null where it was sealed under another token of the stack. */
  readonly byHeld: (credential: HeldCredential, secret: string) => Promise<Known | null>;
}

const STACK: Known = {
  actor: { type: 'apikey', id: LOCAL_ADMIN },
  grants: [{ roles: ['admin'], scope: null }],
  credential: { type: 'stack' },
};

/**
 * Hashes are compared, in constant time: how long an answer takes says neither how long the key is nor how much of a guess was
 * right.
 */
export function authenticator(ports: AuthenticationPorts): Authenticator {
  const { token, pool, users } = ports;
  const expected = sha256Of(token);
  const byToken = async (given: string): Promise<Known> => {
    if (timingSafeEqual(sha256Of(given), expected)) return STACK;
    if (given.startsWith('baton_')) return ofKey(ports, given);
    if (users !== null && isToken(given)) return users.callerOf(given);
    throw unauthorized('The token is not the right one.');
  };
  return {
    byToken,
    byHeader: async (authorization) => {
      const given = bearerToken(authorization);
      if (given === null) throw unauthorized('This address needs a token.');
      return byToken(given);
    },
    byKeyName: async ({ type, id }, since) => {
      if (type !== 'apikey') return null;
      if (id === LOCAL_ADMIN) return STACK;
      const key = await findApiKeyByName(pool, id, since);
      return key === null || key.status !== 'active' ? null : knownBy(ports, key);
    },
    byHeld: async (credential, secret) => {
      if ('keyId' in credential) {
        const key = await findApiKeyById(pool, credential.keyId);
        return key === null ? null : knownBy(ports, key);
      }
      const held = openHeld(credential.held, secret, token);
      if (held === null || (held.type === 'token' && users === null)) return null;
      return held.type === 'stack' ? STACK : (users?.callerOf(held.token, held.isIdToken) ?? null);
    },
  };
}

/** Three parts, the first of which is JSON. */
const isToken = (given: string): boolean => /^ey[\w-]+\.[\w-]+\.[\w-]+$/.test(given);

async function ofKey(ports: AuthenticationPorts, given: string): Promise<Known> {
  const mark = markOfKey(given);
  const key = mark === null ? null : await findApiKey(ports.pool, mark);
  if (mark === null || key === null || !timingSafeEqual(mark.sha256, key.sha256)) {
    throw unauthorized('The token is not the right one.');
  }
  return knownBy(ports, key);
}

/** Whom a key makes of whoever has it, as it stands now. */
function knownBy({ onKeyUsed }: AuthenticationPorts, key: FoundApiKey): Known {
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
