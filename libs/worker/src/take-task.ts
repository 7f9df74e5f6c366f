import { type Task, workerQueue } from '@baton/contracts';
import type { Delivery } from '@baton/messaging';
import { activeTraceparent, failed, inSpan, traceparentOf } from '@baton/telemetry';
import type { WorkerMetrics } from '@baton/telemetry/metrics';
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
  /** Absent where nobody counts. */
  readonly metrics?: Pick<WorkerMetrics, 'taskBegun' | 'taskEnded'> | undefined;
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
    { watch, announcer, metrics }: TaskWatchers,
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
    const beganMs = performance.now();
    metrics?.taskBegun(task.kind);
    let outcome: 'succeeded' | 'failed' | 'let-go' = 'let-go';
    try {
      // The span of the queue that is under way, where BullMQ has one, is of another trace: that of its job.
      const about = {
        parent: task.traceparent,
        links: [activeTraceparent()],
        attributes: attributesOf(task, waitedMs),
      };
      await inSpan(`task ${task.kind}`, { kind: 'CONSUMER', ...about }, async (span) => {
        const traceparent = traceparentOf(span);
        const traced = traceparent === undefined ? task : { ...task, traceparent };
        const result = await taskToResult(traced, handler, ports, { delivery: signal, closed: followed.signal });
        if (result === null) return;
        if (result.name === 'failed') failed(span, { code: result.data.error });
        await sendResult(result, task);
        outcome = result.name;
      });
    } finally {
      metrics?.taskEnded(task.kind, outcome, (performance.now() - beganMs) / 1000);
      ended();
      followed.release();
    }
  };

/** What a task is, and nothing of what it holds. */
const attributesOf = (
  { runId, commandId, kind, state, attempt, dispatchNo }: Task,
  waitedMs: number | undefined,
): Readonly<Record<string, string | number>> => ({
  'messaging.system': 'baton',
  'messaging.operation.type': 'process',
  'messaging.operation.name': 'process',
  'messaging.destination.name': workerQueue(kind),
  'messaging.message.id': commandId,
  'baton.run.id': runId,
  'baton.command.id': commandId,
  'baton.state': state,
  'baton.attempt': attempt,
  'baton.dispatch': dispatchNo,
  ...(waitedMs === undefined ? {} : { 'baton.waited_ms': Math.round(waitedMs) }),
});
