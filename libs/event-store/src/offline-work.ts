import type { CommandId } from '@baton/contracts';
import type { Pool } from 'pg';
import { query } from './pool.js';

/**
 * Notes that the offline model's task `commandId` wrote what has this SHA-256 (hex). Without effect where the command is
 * settled; refused for any login but the programmer's.
 */
export async function recordOfflineWork(pool: Pool, commandId: CommandId, sha256: string): Promise<void> {
  await query(pool, 'record-offline-work', 'select baton.record_offline_work($1, $2)', [
    commandId,
    Buffer.from(sha256, 'hex'),
  ]);
}

/** Whether a task of the offline model in the run of `commandId`, which must be open and one's own, wrote it. */
export async function isOfflineWork(pool: Pool, commandId: CommandId, sha256: string): Promise<boolean> {
  const rows = await query<{ known: boolean }>(
    pool,
    'is-offline-work',
    'select baton.is_offline_work($1, $2) as known',
    [commandId, Buffer.from(sha256, 'hex')],
  );
  return rows[0]?.known === true;
}
