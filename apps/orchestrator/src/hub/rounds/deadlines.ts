import { type CommandId, toError } from '@baton/contracts';
import type { DueCommand } from '@baton/event-store';
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
  // One run may be a long time at a decision; no other command that is due waits for it, and it is not told twice.
  const told = new Set<CommandId>();
  const tell = async ({ commandId, runId, isSilent, isOverdue }: DueCommand): Promise<void> => {
    if (told.has(commandId)) return;
    told.add(commandId);
    try {
      await ports.handle({
        runId,
        order: { type: 'ExpireCommand', commandId, isSilent },
        actor: { type: 'system', id: 'orchestrator' },
        causationId: commandId,
        suspectAs: isOverdue ? `due ${commandId}` : undefined,
      });
    } catch (thrown) {
      ports.log.warn({ commandId, err: toError(thrown) }, 'deadline not decided, the next round will try again');
    } finally {
      told.delete(commandId);
    }
  };
  const round = async (): Promise<void> => {
    for (const command of await ports.store.due(PAGE)) void tell(command);
  };
  return new Repeat('deadlines', LOOK_EVERY_MS, round, ports.log).start();
}
