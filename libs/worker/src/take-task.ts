import type { Task } from '@baton/contracts';
import type { Delivery, Messaging } from '@baton/messaging/queues';
import type { TaskHandler } from './task-handler.js';
import { type TaskPorts, taskToResult } from './task-to-result.js';

/** Does one task of the worker's queue, up to and with its result. */
export type TakeTask = (task: Task, delivery: Pick<Delivery, 'signal'>) => Promise<void>;

/** What Nest injects into the controller of a worker: its TakeTask. */
export const TAKE_TASK = Symbol('baton:take-task');

/** The result is on its queue before the task is done: a crash in between repeats the task, and the journal answers. */
export const createTakeTask =
  (handler: TaskHandler, ports: TaskPorts, messaging: Pick<Messaging, 'publish'>): TakeTask =>
  async (task, { signal }) => {
    const result = await taskToResult(task, handler, ports, signal);
    if (result !== null) await messaging.publish(result.queue, [result]);
  };
