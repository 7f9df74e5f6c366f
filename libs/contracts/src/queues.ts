import type { z } from 'zod';
import type { RunId } from './ids.js';
import {
  AnswerTask,
  CancelRun,
  DecideApproval,
  ForkRun,
  PauseRun,
  RateRun,
  ResumeRun,
  RetryRun,
  SignalRun,
  SignedMessage,
  SubmitRun,
} from './intake.js';
import { Task, TaskFailed, TaskHeartbeat, TaskSucceeded, type WorkerKind } from './tasks.js';
import { WorkerAnnouncement } from './workers.js';

/** The key prefix on Redis, and the schema on Postgres, under which BullMQ keeps its queues. */
export const REDIS_PREFIX = 'baton';
export const POSTGRES_QUEUE_SCHEMA = 'bullmq';

export const INTAKE_QUEUE = 'intake';

/** Results are spread over this many queues by run id, so that several hubs can share them. */
const RESULT_PARTITIONS = 2;

export const workerQueue = (kind: WorkerKind): string => `worker-${kind}`;

/** The queue that takes the results of a run: the last four hex digits of the run id, modulo the partitions. */
export const resultsQueue = (runId: RunId): string =>
  `results-${Number.parseInt(runId.slice(-4), 16) % RESULT_PARTITIONS}`;

export const resultsQueues = (): readonly string[] =>
  Array.from({ length: RESULT_PARTITIONS }, (_, partition) => `results-${partition}`);

/**
 * Where a hub wants the results of the tasks that it sends, so that they come back to the process that knows their runs: one
 * queue for each lane. A task names it; whoever answers without it uses the queue of the run.
 */
const LANES = 16;
export const laneResultsQueue = (lane: number): string => `results-lane-${lane}`;
export const laneResultsQueues = (): readonly string[] =>
  Array.from({ length: LANES }, (_, lane) => laneResultsQueue(lane));

/** The queue for what is to be told of a task. */
export const repliesTo = ({ replyTo, runId }: Pick<Task, 'replyTo' | 'runId'>): string =>
  replyTo ?? resultsQueue(runId);

/** Job names of a kind of queue, each with the schema of its data. A name that is not here goes to the dead letter. */
export type MessageSchemas = Readonly<Record<string, z.ZodType>>;

export const intakeMessages = {
  submit: SubmitRun,
  cancel: CancelRun,
  pause: PauseRun,
  rate: RateRun,
  resume: ResumeRun,
  signal: SignalRun,
  'decide-approval': DecideApproval,
  retry: RetryRun,
  fork: ForkRun,
  'answer-task': AnswerTask,
  signed: SignedMessage,
} as const satisfies MessageSchemas;
export const workerMessages = { task: Task } as const satisfies MessageSchemas;
export const resultMessages = {
  succeeded: TaskSucceeded,
  failed: TaskFailed,
  heartbeat: TaskHeartbeat,
  worker: WorkerAnnouncement,
} as const satisfies MessageSchemas;
