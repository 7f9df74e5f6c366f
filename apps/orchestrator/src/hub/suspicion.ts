import { BatonError } from '@baton/contracts';
import type { HubMessage } from './message.js';

/*
 * A message that ends its process, or freezes it until somebody ends it, comes back and does so again. Which one it was of
 * all that the process had in its hands nobody can tell at first: they all come back as suspects, and are decided one at a
 * time, each with a note in Postgres for as long as that takes. The note that a dead process left names the one.
 */

const CODE = 'ended-its-process';

export const guilty = ({ order }: HubMessage): BatonError =>
  new BatonError(`Each of the last processes that decided ${order.type} by itself ended over it.`, {
    code: CODE,
    next: 'Cancel the run; its log and the dead letter say what was to be decided.',
  });

export const isGuilty = (error: Error): boolean => error instanceof BatonError && error.code === CODE;

/**
 * What is told instead of a beginning that ends its process: the run begins, and is paused at once, so that a person sees it
 * and can cancel it, or let it go on. Null for all else, which is put aside.
 */
export function heldBack(message: HubMessage): HubMessage | null {
  const { order, runId } = message;
  if (order.type !== 'StartRun' && order.type !== 'ForkRun') return null;
  const held = { requestId: `held:${runId}`, reason: guilty(message).message };
  return { ...message, order: { ...order, held }, suspectAs: undefined };
}
