import pLimit from 'p-limit';
import type { JobQueue, JobWorker, Processor, QueueFlow } from './backend.js';
import type { MessageStore } from './own/message-store.js';

/*
 * A queue has two doors: BullMQ's, for everybody, and a store beside it, for Baton's own processes. Whoever takes messages
 * takes them from both, and whoever counts them counts both.
 */

/** So many messages at the same time, through whatever door they came. */
export interface Slots {
  readonly within: (processor: Processor) => Processor;
  readonly free: () => number;
  /** No message waits for its room any more: whoever stops gives back at once what it has not begun. */
  readonly open: () => void;
}

export function slotsOf(concurrency: number): Slots {
  const limit = pLimit(concurrency);
  return {
    within: (processor) => (job, token) => limit(() => processor(job, token)),
    free: () => Math.max(0, concurrency - limit.activeCount - limit.pendingCount),
    open: () => {
      limit.concurrency = Number.POSITIVE_INFINITY;
    },
  };
}

export class BothDoorsWorker implements JobWorker {
  readonly #both: readonly JobWorker[];
  readonly #slots: Slots;

  constructor(bull: JobWorker, own: JobWorker, slots: Slots) {
    this.#both = [bull, own];
    this.#slots = slots;
  }

  async waitUntilReady(): Promise<void> {
    await Promise.all(this.#both.map((worker) => worker.waitUntilReady()));
  }

  async run(): Promise<void> {
    await Promise.all(this.#both.map((worker) => worker.run()));
  }

  async close(force?: boolean): Promise<void> {
    this.#slots.open();
    await Promise.all(this.#both.map((worker) => worker.close(force)));
  }

  async disconnect(): Promise<void> {
    await Promise.all(this.#both.map((worker) => worker.disconnect()));
  }

  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'lockRenewalFailed', listener: (jobIds: string[]) => void): unknown;
  on(event: 'error' | 'lockRenewalFailed', listener: ((error: Error) => void) & ((jobIds: string[]) => void)): unknown {
    for (const worker of this.#both) {
      if (event === 'error') worker.on(event, listener);
      else worker.on(event, listener);
    }
    return this;
  }
}

/** BullMQ's queue, and what the store has of it. Added to it is through BullMQ's door. */
export const bothDoorsQueue = (queue: JobQueue, name: string, own: MessageStore): JobQueue => ({
  add: (...job) => queue.add(...job),
  addBulk: (jobs) => queue.addBulk(jobs),
  getJobState: async (jobId) => (await own.states(name, [jobId])).get(jobId) ?? queue.getJobState(jobId),
  getJobCounts: async (...types) => {
    const [all, ours] = await Promise.all([queue.getJobCounts(...types), own.counts(name)]);
    const waiting = (all.wait ?? all.waiting ?? 0) + (ours.waiting ?? 0);
    const { wait: _, waiting: __, ...rest } = all;
    return {
      ...rest,
      waiting,
      active: (all.active ?? 0) + (ours.active ?? 0),
      delayed: (all.delayed ?? 0) + (ours.delayed ?? 0),
    };
  },
  getDelayedCount: async (timestampMs) => {
    const ours =
      timestampMs === undefined ? (await own.counts(name)).delayed : await own.overdue(name, Date.now() - timestampMs);
    return (await queue.getDelayedCount(timestampMs)) + (ours ?? 0);
  },
  isPaused: () => queue.isPaused(),
  waitUntilReady: () => queue.waitUntilReady(),
  close: () => queue.close(),
  on: (event, listener) => queue.on(event, listener),
});

export const bothFlows = (a: QueueFlow, b: QueueFlow): QueueFlow => ({
  oldestMs: a.oldestMs === null || b.oldestMs === null ? (a.oldestMs ?? b.oldestMs) : Math.max(a.oldestMs, b.oldestMs),
  doneLastMinute: a.doneLastMinute + b.doneLastMinute,
});
