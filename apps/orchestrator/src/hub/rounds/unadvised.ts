import { type CommandId, SILENT_AFTER_MS, toError } from '@baton/contracts';
import type { Logger } from '@baton/service-kit';
import type { HubStore } from '../hub-store.js';
import type { HubMessage, HubOutcome } from '../message.js';
import { Repeat } from '../repeat.js';

const LOOK_EVERY_MS = 500;
const PAGE = 500;

type Unadvised = Awaited<ReturnType<HubStore['unadvised']>>[number];

/**
 * A run that waits for advice while no advisor is at work is told so. What follows is for the run to say, and is in its log: in
 * the mode `auto` it goes on by its rules, in every other one it waits for as long as it said it would.
 *
 * @param silentMs for how long nobody may have advised. The hub itself looks for so long before it believes that, since those
 *   that are started with it say that they live a moment later
 */
export function watchUnadvised(ports: {
  readonly store: Pick<HubStore, 'unadvised'>;
  readonly handle: (message: HubMessage) => Promise<HubOutcome>;
  readonly log: Logger;
  readonly silentMs?: number;
  readonly everyMs?: number;
}): Repeat {
  const { silentMs = SILENT_AFTER_MS, everyMs = LOOK_EVERY_MS } = ports;
  const believesFrom = performance.now() + silentMs;
  let told: ReadonlySet<CommandId> = new Set();
  const round = async (): Promise<void> => {
    if (performance.now() < believesFrom) return;
    const open = await ports.store.unadvised({ silentMs, limit: PAGE });
    const news = open.filter(({ commandId }) => !told.has(commandId));
    // One that has no effect is not told again; one that could not be decided is.
    const done = await Promise.all(news.map(tell));
    told = new Set(open.map(({ commandId }) => commandId).filter((id) => told.has(id) || done.includes(id)));
  };
  const tell = async ({ commandId, runId }: Unadvised): Promise<CommandId | null> => {
    try {
      await ports.handle({
        runId,
        order: { type: 'LeaveUnadvised', commandId },
        actor: { type: 'system', id: 'orchestrator' },
        causationId: commandId,
      });
      return commandId;
    } catch (thrown) {
      ports.log.warn({ commandId, err: toError(thrown) }, 'missing advice not decided, the next round will try again');
      return null;
    }
  };
  return new Repeat('unadvised', everyMs, round, ports.log).start();
}
