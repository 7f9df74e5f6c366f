import type { Task } from '@baton/contracts';
import type { Delivery } from '@baton/messaging';
import type { Announcer } from './announcer.js';
import type { TaskHandler } from './task-handler.js';
import { type ResultJob, type TaskPorts, taskToResult } from './task-to-result.js';
import type { TaskWatch } from './task-watch.js';

/** Does one task of the worker's queue, up to and with its result. */
export type TakeTask = (
  task: Task,
  delivery: Pick<Delivery, 'signal'> & Partial<Pick<Delivery, 'attempt' | 'waitedMs'>>,
) => Promise<void>;

/** What Nest injects into the controller of a worker: its TakeTask. */
export const TAKE_TASK = Symbol('baton:take-task');

/** What a worker knows of its tasks beside the queue. */
export interface TaskWatchers {
  readonly watch: TaskWatch;
  readonly announcer: Pick<Announcer, 'begin'>;
}

/**
 * What waited for less than this need not be asked for before it is begun: what was given up meanwhile is noticed as soon as if it
 * had been given up a moment later, by the watch, which asks once a second for all that is in work.
 */
const FRESH_MS = 500;

/**
 * The result is on its queue before the task is done: a crash in between repeats the task, and the journal answers. A task
 * that nobody waits for any more is not begun, and let go where that happens in the middle.
 */
export const createTakeTask =
  (
    handler: TaskHandler,
    ports: TaskPorts,
    sendResult: (result: ResultJob, task: Task) => Promise<void>,
    { watch, announcer }: TaskWatchers,
  ): TakeTask =>
  async (task, { signal, attempt: delivery, waitedMs }) => {
    const { runId, commandId, state, attempt } = task;
    const isFresh = delivery === 1 && waitedMs !== undefined && waitedMs < FRESH_MS;
    const reason = isFresh ? null : await watch.reasonNotToBegin(commandId);
    if (reason !== null) {
      ports.log.info({ runId, commandId, state, attempt, reason }, 'task not begun, nobody waits for it any more');
      return;
    }
    const followed = watch.follow(commandId);
    const ended = announcer.begin(task);
    try {
      const result = await taskToResult(task, handler, ports, { delivery: signal, closed: followed.signal });
      if (result !== null) await sendResult(result, task);
    } finally {
      ended();
      followed.release();
    }
  };
