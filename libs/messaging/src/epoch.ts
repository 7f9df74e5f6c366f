import { isConnectionLoss } from '@baton/contracts';
import type { LogEnd } from './backend/backend.js';
import type { Messaging } from './messaging.js';
import { unreachable } from './queue-server-errors.js';

const READY = 'ready';
const rebuilding = (id: string): string => `rebuilding:${id}`;

/**
 * Says whether the queue server still holds what was sent: `ready`, `rebuilding:<id>`, or null after it lost everything.
 * All methods throw RetryableError `queue-unreachable` while the server is away.
 */
export interface QueueEpoch {
  read(): Promise<string | null>;
  /** From now on only the rebuild with this id can finish; a server that is wiped meanwhile forgets it. */
  beginRebuild(id: string): Promise<void>;
  /** False when the server lost its data again, or another rebuild has begun: start over. */
  finishRebuild(id: string): Promise<boolean>;
  /** How far the log of this name is known to have been written; null where the queues stand beside it, and go with it. */
  knownEnd(log: string): Promise<LogEnd | null>;
  /** The log was written so far; null: what was told of it holds no more. */
  tellEnd(log: string, end: LogEnd | null): Promise<void>;
  /**
   * Of several logs each has queues of its own: hubs of two would take each other's results.
   * @returns the name of the log that has these, which is this one unless another was there before
   */
  claimFor(log: string): Promise<string>;
}

export function queueEpoch({ backend }: Messaging): QueueEpoch {
  const ask = async <T>(request: () => Promise<T>): Promise<T> => {
    try {
      await backend.awaitConnection();
      return await request();
    } catch (error) {
      throw isConnectionLoss(error) ? unreachable(backend.endpoint, error) : error;
    }
  };
  return {
    read: () => ask(() => backend.readEpoch()),
    beginRebuild: (id) => ask(() => backend.writeEpoch(rebuilding(id))),
    finishRebuild: (id) => ask(() => backend.replaceEpoch(rebuilding(id), READY)),
    knownEnd: (log) => ask(() => backend.readEnd(log)),
    tellEnd: (log, end) => ask(() => backend.writeEnd(log, end)),
    claimFor: (log) => ask(() => backend.claimFor(log)),
  };
}
