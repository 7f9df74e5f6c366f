import type { RunId } from '@baton/contracts';
import type { Waiting } from './decide-messages.js';

/** The next messages whose run is there: as many as a batch may have, or one that is to be alone; and all others, in order. */
export function nextBatch(
  waiting: readonly Waiting[],
  isThere: (runId: RunId) => boolean,
  most: number,
): { readonly taken: readonly Waiting[]; readonly left: readonly Waiting[] } {
  const taken: Waiting[] = [];
  const left: Waiting[] = [];
  let isFull = false;
  for (const each of waiting) {
    const isNext = isThere(each.message.runId);
    // What comes behind one that is to be alone waits for it, too.
    if (isNext && each.isAlone && taken.length > 0) isFull = true;
    (isNext && !isFull ? taken : left).push(each);
    if (isNext && (each.isAlone || taken.length === most)) isFull = true;
  }
  return { taken, left };
}
