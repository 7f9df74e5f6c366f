import { randomUUID } from 'node:crypto';
import { outstandingCommands } from '@baton/event-store';
import type { QueueEpoch } from '@baton/messaging';
import type { Logger } from '@baton/service-kit';
import type { Pool } from 'pg';
import type { Dispatcher } from './dispatcher.js';

const PAGE = 500;

/**
 * Fills wiped queues from Postgres. The epoch marker lives where the jobs live and is lost with them, so a missing
 * marker means that what was sent is gone. It becomes `ready` only after everything was sent, and only if it is still
 * the marker set here: a second wipe in between, or another orchestrator's rebuild, makes the compare-and-set fail and
 * the next look starts over. A hub killed in the middle leaves `rebuilding:…`, which also starts over.
 *
 * @returns how many commands were sent, or null when the queues hold what they should.
 */
export async function rebuildQueues(ports: {
  readonly pool: Pool;
  readonly epoch: QueueEpoch;
  readonly dispatcher: Dispatcher;
  readonly log: Logger;
}): Promise<number | null> {
  if ((await ports.epoch.read()) === 'ready') return null;
  const id = randomUUID();
  await ports.epoch.beginRebuild(id);
  let sent = 0;
  let afterSeq = 0;
  for (;;) {
    const page = await outstandingCommands(ports.pool, { afterSeq, limit: PAGE });
    await ports.dispatcher.send(page);
    sent += page.length;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) break;
    afterSeq = last.seq;
  }
  const isReady = await ports.epoch.finishRebuild(id);
  ports.log.info({ commands: sent, isReady }, 'queues rebuilt from the command table');
  return sent;
}
