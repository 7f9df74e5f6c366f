import { toError } from '@baton/contracts';
import type { CommandRow } from '@baton/event-store';
import type { Logger } from '@baton/service-kit';
import type { HubMessage, HubOutcome } from '../message.js';

/**
 * A run that had more to do than one turn may goes on as soon as that is written, behind all others that wait. Where this
 * process does not come to it, the round of the deadlines finds the command two seconds later, here or in another hub.
 */
export function goOn(
  commands: readonly CommandRow[],
  ports: { readonly handle: (message: HubMessage) => Promise<HubOutcome>; readonly log: Logger },
): void {
  for (const { name, runId, commandId } of commands) {
    if (name !== 'turn') continue;
    ports
      .handle({
        runId,
        order: { type: 'ExpireCommand', commandId },
        actor: { type: 'system', id: 'orchestrator' },
        causationId: commandId,
      })
      .catch((thrown: unknown) =>
        ports.log.warn({ runId, err: toError(thrown) }, 'turn not gone on with: a later round will'),
      );
  }
}
