import { toError } from '@baton/contracts';
import { asRetryable, isOfTheMessage } from './batch-errors.js';
import type { BatcherPorts } from './batcher-ports.js';
import type { Waiting } from './decide-messages.js';

type AsidePorts = Pick<BatcherPorts, 'store' | 'log'>;

/** It can be neither decided nor written: it is a dead letter from now on. */
export async function putAside(waiting: Waiting, error: Error, { store, log }: AsidePorts): Promise<void> {
  log.error({ runId: waiting.message.runId, err: error }, 'message could not be decided, it is put aside');
  try {
    await store.park(waiting.message, error);
    waiting.settle('put-aside');
  } catch (thrown) {
    waiting.fail(asRetryable(thrown));
  }
}

/**
 * What the messages themselves are to blame for is found by trying each alone; all else is tried again later.
 *
 * @returns those that are to be decided again, each by itself
 */
export async function isolate(
  members: readonly Waiting[],
  thrown: unknown,
  ports: AsidePorts,
): Promise<readonly Waiting[]> {
  const error = toError(thrown);
  const [only] = members;
  if (!isOfTheMessage(error)) {
    for (const waiting of members) waiting.fail(asRetryable(error));
    return [];
  }
  if (only !== undefined && members.length === 1) {
    await putAside(only, error, ports);
    return [];
  }
  for (const waiting of members) waiting.isAlone = true;
  return members;
}
