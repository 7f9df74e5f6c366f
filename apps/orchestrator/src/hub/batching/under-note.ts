import { guilty, heldBack } from '../suspicion.js';
import type { BatcherPorts } from './batcher-ports.js';
import type { Decided, Waiting } from './decide-messages.js';
import { putAside } from './put-aside.js';

type Decide = (taken: readonly Waiting[]) => Promise<readonly Decided[]>;

/**
 * Decides what was taken; a suspect, which is taken alone, under a note that stays behind where this process ends over it. The
 * message whose notes stayed behind before is held back.
 */
export async function decideUnderNote(
  taken: readonly Waiting[],
  decide: Decide,
  ports: Pick<BatcherPorts, 'store' | 'log'>,
): Promise<readonly Decided[]> {
  const [only] = taken;
  const key = only?.message.suspectAs;
  if (only === undefined || key === undefined) return decide(taken);
  const { store } = ports;
  if (!(await store.beginSuspect({ key, runId: only.message.runId }))) return holdBack(only, decide, ports);
  const decided = await decide(taken);
  await store.clearSuspect(key);
  return decided;
}

async function holdBack(
  waiting: Waiting,
  decide: Decide,
  ports: Pick<BatcherPorts, 'store' | 'log'>,
): Promise<readonly Decided[]> {
  const { message } = waiting;
  ports.log.error({ runId: message.runId, order: message.order.type }, 'message ended its processes, held back');
  const instead = heldBack(message);
  if (instead !== null) return decide([{ ...waiting, message: instead }]);
  await putAside(waiting, guilty(message), ports);
  return [];
}
