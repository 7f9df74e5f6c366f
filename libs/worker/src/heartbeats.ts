import { PROTOCOL_VERSION, RetryableError, repliesTo, type Task, toError } from '@baton/contracts';
import type { Messaging } from '@baton/messaging';
import type { TaskHandler, WorkerLog } from './task-handler.js';

/*
 * A state with HeartbeatSeconds fails with States.HeartbeatTimeout where its task is silent for longer, from when it was
 * sent out. A service shows by itself that it is at it; a worker of one's own says so where its work gets on, because only
 * it knows whether it does.
 */

/** A worker that is at it all the time need not say so more often, and the hub has better things to read. */
const EVERY_MS = 5_000;
/** A third of what the state asks for: two may get lost. */
const BEATS_PER_LIMIT = 3;
const MAX_PROGRESS_LENGTH = 500;
/** Timers of Node cannot wait longer; they fire at once instead. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export interface Heartbeats {
  /** Says that the work goes on, with a word about how far it is. Cheap: most calls send nothing. */
  readonly beat: (progress?: string) => void;
  /** Sends no more, and waits for what is being sent, so that no heartbeat comes after the result. */
  readonly settle: () => Promise<void>;
}

export interface HeartbeatPorts {
  readonly newId: () => string;
  readonly nowMs: () => number;
  readonly log: WorkerLog;
}

/** The heartbeats of one task. One that cannot be sent is not missed: the next one is as good, and the result is better. */
export function createHeartbeats(
  task: Task,
  messaging: Pick<Messaging, 'publish'>,
  signal: AbortSignal,
  ports: HeartbeatPorts,
): Heartbeats {
  const { nowMs } = ports;
  const sender = createSender(task, messaging, signal, ports);
  const everyMs = Math.min(EVERY_MS, beatEveryMs(task) ?? EVERY_MS);
  let lastMs = Number.NEGATIVE_INFINITY;
  return {
    beat: (progress) => {
      if (nowMs() - lastMs >= everyMs && sender.send(progress)) lastMs = nowMs();
    },
    settle: sender.settle,
  };
}

/** The handler, with a heartbeat at once and then three in the time that the task may be silent, where it may not be for ever. */
export function withHeartbeats(
  handler: TaskHandler,
  task: Task,
  messaging: Pick<Messaging, 'publish'>,
  ports: HeartbeatPorts,
): TaskHandler {
  const everyMs = beatEveryMs(task);
  if (everyMs === null) return handler;
  return async (workerTask, signal) => {
    const sender = createSender(task, messaging, signal, ports);
    sender.send();
    const timer = setInterval(() => sender.send(), everyMs);
    try {
      return await handler(workerTask, signal);
    } catch (error) {
      // The queue keeps the task for so long, and nobody is at it to say so.
      if (error instanceof RetryableError) await sender.sendWait(error.retryAfterMs / 1000);
      throw error;
    } finally {
      clearInterval(timer);
      await sender.settle();
    }
  };
}

const beatEveryMs = ({ heartbeatSeconds }: Task): number | null =>
  heartbeatSeconds === undefined ? null : Math.min((heartbeatSeconds * 1000) / BEATS_PER_LIMIT, MAX_TIMER_MS);

interface Sender {
  /** Whether it was sent: one at a time, and none once the task is done or was let go. */
  readonly send: (progress?: string) => boolean;
  /** Says that nobody will be at it for a while. Waits for it: it is the last one. */
  readonly sendWait: (seconds: number) => Promise<void>;
  readonly settle: () => Promise<void>;
}

function createSender(
  task: Task,
  messaging: Pick<Messaging, 'publish'>,
  signal: AbortSignal,
  { newId, log }: HeartbeatPorts,
): Sender {
  const { runId, commandId, step, dispatchNo, nonce } = task;
  let sending: Promise<void> | null = null;
  let isDone = false;

  const publish = async (about: {
    readonly progress?: string | undefined;
    readonly waitSeconds?: number;
  }): Promise<void> => {
    const { progress, waitSeconds } = about;
    const id = newId();
    const data = {
      v: PROTOCOL_VERSION,
      id,
      runId,
      commandId,
      step,
      dispatchNo,
      ...(nonce === undefined ? {} : { nonce }),
      ...(progress === undefined ? {} : { progress: progress.slice(0, MAX_PROGRESS_LENGTH).toWellFormed() }),
      ...(waitSeconds === undefined ? {} : { waitSeconds }),
    };
    try {
      await messaging.publish(repliesTo(task), [{ jobId: `h-${id}`, name: 'heartbeat', data }]);
    } catch (thrown) {
      log.warn({ runId, commandId, reason: toError(thrown).message }, 'heartbeat could not be sent');
    }
  };

  return {
    send: (progress) => {
      if (isDone || signal.aborted || sending !== null) return false;
      sending = publish({ progress }).finally(() => {
        sending = null;
      });
      return true;
    },
    sendWait: async (seconds) => {
      await sending;
      if (!isDone && !signal.aborted && seconds > 0) await publish({ waitSeconds: seconds });
    },
    settle: async () => {
      isDone = true;
      await sending;
    },
  };
}
