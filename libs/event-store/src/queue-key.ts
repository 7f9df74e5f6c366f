import { createHmac, createSecretKey } from 'node:crypto';
import type { CommandId } from '@baton/contracts';
import type { Pool } from 'pg';
import { one, query } from './pool.js';

/** What stands in the ids of a dispatch's jobs beside the command's id: the same in every hub, and known to nobody before. */
export type NonceOf = (commandId: CommandId, dispatchNo: number) => string;

/** 96 bits: far more than anybody tries. */
const LETTERS = 16;

/** Reads the key of this database, which only hubs may, and makes nonces with it. */
export async function readNonces(pool: Pool): Promise<NonceOf> {
  const rows = await query<{ key: Buffer }>(pool, 'queue-key', 'select key from baton.queue_key');
  // Made once: it would be made anew for each nonce, which costs several times the nonce.
  const key = createSecretKey(one(rows, 'the key of the queues').key);
  return (commandId, dispatchNo) =>
    createHmac('sha256', key).update(`${commandId}/${dispatchNo}`).digest('base64url').slice(0, LETTERS);
}
