import type { Logger } from '@baton/service-kit';
import type { HubStore } from '../hub-store.js';
import type { HubMessage, HubOutcome } from '../message.js';
import { Repeat } from '../repeat.js';

const LOOK_EVERY_MS = 200;
const PAGE = 500;

/**
 * Deadlines live in Postgres, and its clock says what is due: a task whose time is up or whose worker is silent, and a
 * timer, are found here and consume the same token as a result would. Several orchestrators may find the same one; the token lets one of them through.
 */
export function watchDeadlines(ports: {
  readonly store: Pick<HubStore, 'due'>;
  readonly handle: (message: HubMessage) => Promise<HubOutcome>;
  readonly log: Logger;
}): Repeat {
  const round = async (): Promise<void> => {
    const due = await ports.store.due(PAGE);
    await Promise.all(
      due.map(({ commandId, runId, isSilent }) =>
        ports.handle({
          runId,
          order: { type: 'ExpireCommand', commandId, isSilent },
          actor: { type: 'system', id: 'orchestrator' },
          causationId: commandId,
        }),
      ),
    );
  };
  return new Repeat('deadlines', LOOK_EVERY_MS, round, ports.log).start();
}
