import { type Shard, TerminalError } from '@baton/contracts';
import { logName } from '@baton/event-store';
import type { QueueEpoch } from '@baton/messaging';
import type { Pool } from 'pg';

/**
 * Of several logs each has queues of its own: hubs of two logs on the same ones would take each other's requests and results, of
 * which they know nothing. Of an only log nothing is said, as there is nobody to be told from.
 *
 * @throws TerminalError `queues-of-another-log`
 */
export async function assertOwnQueues(pool: Pool, epoch: Pick<QueueEpoch, 'claimFor'>, shard: Shard): Promise<void> {
  if (shard.of === 1) return;
  const name = await logName(pool);
  const owner = await epoch.claimFor(name);
  if (owner === name) return;
  throw new TerminalError(
    `The queues are those of the log ${owner}, and this is shard ${shard.number}, the log ${name}.`,
    {
      code: 'queues-of-another-log',
      next: 'Give each shard a Redis of its own, or a number of a database on one (redis://HOST/1). Where the other log is gone, empty this Redis.',
    },
  );
}
