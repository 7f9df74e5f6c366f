import type { Alongside, JsonObject } from '@baton/contracts';
import type { BulkJobOptions, JobsOptions, JobType, WorkerOptions } from 'bullmq';

/** What Baton uses of BullMQ's classes; their full types differ for each backend. Data is unknown until a schema has read it. */
export interface QueueJob {
  readonly id?: string | undefined;
  readonly name: string;
  readonly data: unknown;
  readonly opts: JobsOptions;
  /** Failed tries that count. */
  readonly attemptsMade: number;
  /** Deliveries, this one included. */
  readonly attemptsStarted: number;
  readonly stalledCounter: number;
  /** How long it had been due when it was taken, where that is known by one clock. */
  readonly waitedMs?: number;
  /** Where it came through the door of Baton's own processes. */
  readonly via?: 'own-door';
  moveToWait(token: string): Promise<number>;
  moveToDelayed(timestampMs: number, token: string): Promise<void>;
}

/** A message as it is put behind the door of Baton's own processes. */
export interface NewMessage {
  readonly jobId: string;
  readonly name: string;
  /** Its JSON. */
  readonly data: string;
  /** 0, the most urgent, to 3, with its rung: see `onRung`. */
  readonly priority: number;
  readonly delayMs: number;
}

export interface BulkJob {
  name: string;
  data: unknown;
  opts: BulkJobOptions;
}

export interface JobQueue {
  add(name: string, data: unknown, options: JobsOptions): Promise<unknown>;
  addBulk(jobs: BulkJob[]): Promise<unknown>;
  getJobState(jobId: string): Promise<string>;
  getJobCounts(...types: JobType[]): Promise<Record<string, number>>;
  /** With a time: how many delayed jobs were due by then. */
  getDelayedCount(timestampMs?: number): Promise<number>;
  isPaused(): Promise<boolean>;
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

export interface JobWorker {
  waitUntilReady(): Promise<void>;
  run(): Promise<void>;
  close(force?: boolean): Promise<void>;
  disconnect(): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'lockRenewalFailed', listener: (jobIds: string[]) => void): unknown;
}

/** The token proves that the worker still holds the job. */
export type Processor = (job: QueueJob, token: string) => Promise<void>;

export type WorkerSettings = Required<
  Pick<WorkerOptions, 'concurrency' | 'lockDuration' | 'stalledInterval' | 'maxStalledCount' | 'runRetryDelay'>
>;

/**
 * What one process says to whoever listens at that moment. Nothing is kept: a word may be missed, so whoever waits for one
 * looks by himself, too.
 */
export interface Words {
  tell(topic: string, text: string): Promise<void>;
  /** Calls `take` with each word, until the function that it gives is called. */
  hear(topic: string, take: (text: string) => void): Promise<() => void>;
}

/** How messages come through a queue. A bundle is one of them. */
export interface QueueFlow {
  /**
   * For how long the one that has waited longest has been due, by the clock of the server; null where none waits. What came by
   * BullMQ's door says itself when it was sent.
   */
  readonly oldestMs: number | null;
  /** How many were done in the last minute, to about a second. */
  readonly doneLastMinute: number;
}

/** The last event that was acknowledged. */
export interface LogEnd {
  readonly position: number;
  readonly eventId: string;
}

/** How long a finished job is kept: seconds, and a number of jobs. */
interface Retention {
  readonly age: number;
  readonly count?: number;
}

/** What differs between Redis and Postgres, and nothing else. */
export interface Backend {
  readonly endpoint: string;
  /** Resolves when the server answers, rejects within seconds when it does not. */
  ping(): Promise<void>;
  /** Rejects where a request would wait for the server to come back instead of failing. */
  awaitConnection(): Promise<void>;
  openQueue(name: string): JobQueue;
  /** BullMQ's names for the states of jobs, in one request; a job that the server does not know is left out. */
  jobStates(queue: string, jobIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /**
   * Puts messages where only Baton's own processes look. Their ids count as those of jobs do, as long as the message is there.
   */
  put(queue: string, messages: readonly NewMessage[]): Promise<void>;
  /**
   * What puts a task that is due at once there, as part of a transaction on the same database; null where the queues are in none,
   * or a hub may not.
   */
  alongside(): Promise<((queue: string, message: NewMessage) => Alongside) | null>;
  /** Takes messages back that were put there and that nobody has in work; gives the ids of those that it took. */
  withdraw(queue: string, jobIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** How messages come through it, by both doors. */
  flow(queue: string): Promise<QueueFlow>;
  /** To whoever listens at this moment, and to nobody else. */
  readonly words: Words;
  /** Makes what a bulk needs in its queue and the sender may have no right to make. */
  prepareBulk(queue: string): Promise<void>;
  /** The data, whose JSON is `text`, in a form that the server can hold; a worker of the same backend gives it back as it was. */
  storable(data: JsonObject, text: string): JsonObject;
  /** The worker does not run yet; it is closed by its owner. */
  openWorker(name: string, processor: Processor, settings: WorkerSettings): JobWorker;
  retention(keepSeconds: number, keepCount: number): Retention;
  readEpoch(): Promise<string | null>;
  writeEpoch(value: string): Promise<void>;
  /** Writes `next` only where `expected` still stands. */
  replaceEpoch(expected: string, next: string): Promise<boolean>;
  /** The end of a log that somebody told of last; null where the server is the one that the log is on, and so knows no more. */
  readEnd(log: string): Promise<LogEnd | null>;
  /** Stands where it is further than what stood there; null takes that away. */
  writeEnd(log: string, end: LogEnd | null): Promise<void>;
  /** Says that the queues are those of this log, unless they are another's. @returns the name of the log that they belong to */
  claimFor(log: string): Promise<string>;
  close(): Promise<void>;
}
