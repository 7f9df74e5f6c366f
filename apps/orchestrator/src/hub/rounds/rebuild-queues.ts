import { randomUUID } from 'node:crypto';
import type { QueueEpoch } from '@baton/messaging';
import type { Logger } from '@baton/service-kit';
import type { Dispatcher } from '../dispatcher.js';
import type { HubStore } from '../hub-store.js';
import { pagesOf } from './pages.js';

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
  readonly store: Pick<HubStore, 'outstanding'>;
  readonly epoch: Pick<QueueEpoch, 'read' | 'beginRebuild' | 'finishRebuild'>;
  readonly dispatcher: Dispatcher;
  readonly log: Logger;
}): Promise<number | null> {
  if ((await ports.epoch.read()) === 'ready') return null;
  const id = randomUUID();
  await ports.epoch.beginRebuild(id);
  let sent = 0;
  for await (const page of pagesOf((next) => ports.store.outstanding({ ...next, isOfAllLanes: true }), PAGE)) {
    await ports.dispatcher.send(page);
    sent += page.length;
  }
  const isReady = await ports.epoch.finishRebuild(id);
  ports.log.info({ commands: sent, isReady }, 'queues rebuilt from the command table');
  return sent;
}
