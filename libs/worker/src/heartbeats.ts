import { PROTOCOL_VERSION, resultsQueue, type Task, toError } from '@baton/contracts';
import type { Messaging } from '@baton/messaging';
import type { WorkerLog } from './task-handler.js';

/** A worker that is at it all the time need not say so more often, and the hub has better things to read. */
const EVERY_MS = 5_000;
/** A third of what the state asks for: two may get lost. */
const BEATS_PER_LIMIT = 3;
const MAX_PROGRESS_LENGTH = 500;

export interface Heartbeats {
  /** Says that the work goes on, with a word about how far it is. Cheap: most calls send nothing. */
  readonly beat: (progress?: string) => void;
  /** Waits for what is being sent, so that no heartbeat comes after the result. */
  readonly settle: () => Promise<void>;
}

interface HeartbeatPorts {
  readonly newId: () => string;
  readonly nowMs: () => number;
  readonly log: WorkerLog;
}

/** The heartbeats of one task. One that cannot be sent is not missed: the next one is as good, and the result is better. */
export function createHeartbeats(
  task: Task,
  messaging: Pick<Messaging, 'publish'>,
  signal: AbortSignal,
  { newId, nowMs, log }: HeartbeatPorts,
): Heartbeats {
  const { runId, commandId, step, dispatchNo, heartbeatSeconds } = task;
  const everyMs = Math.min(EVERY_MS, ((heartbeatSeconds ?? Number.POSITIVE_INFINITY) * 1000) / BEATS_PER_LIMIT);
  let lastMs = Number.NEGATIVE_INFINITY;
  let sending: Promise<void> = Promise.resolve();

  const send = async (progress: string | undefined): Promise<void> => {
    const id = newId();
    const data = {
      v: PROTOCOL_VERSION,
      id,
      runId,
      commandId,
      step,
      dispatchNo,
      ...(progress === undefined ? {} : { progress: progress.slice(0, MAX_PROGRESS_LENGTH).toWellFormed() }),
    };
    try {
      await messaging.publish(resultsQueue(runId), [{ jobId: `h-${id}`, name: 'heartbeat', data }]);
    } catch (thrown) {
      log.warn({ runId, commandId, reason: toError(thrown).message }, 'heartbeat could not be sent');
    }
  };

  return {
    beat: (progress) => {
      if (signal.aborted || nowMs() - lastMs < everyMs) return;
      lastMs = nowMs();
      sending = Promise.all([sending, send(progress)]).then(() => {});
    },
    settle: () => sending,
  };
}
