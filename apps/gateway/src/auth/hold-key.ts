import { holdApiKey } from '@baton/event-store';
import type { PoolClient } from 'pg';
import type { Caller } from './caller.js';
import { unauthorized } from './unauthorized.js';

/**
 * Sees to it that the key of the caller still counts, until the transaction ends. For what is stored in their name and goes on after
 * their request: that was let in before its body came, and a key that was revoked meanwhile may have been made again under its name.
 *
 * @throws ProblemError 401 where it was revoked
 */
export async function holdKey({ actor, credential }: Caller, client: PoolClient): Promise<void> {
  if (credential.type !== 'key' || (await holdApiKey(client, credential.keyId))) return;
  throw unauthorized(`The key ${actor.id} was revoked.`, 'key-revoked');
}
