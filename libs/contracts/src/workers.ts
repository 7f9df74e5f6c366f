import { z } from 'zod';
import { MOST_IN_BUNDLE } from './bundles.js';
import { PROTOCOL_VERSION } from './envelope.js';
import { CommandId } from './ids.js';
import { Actor } from './intake.js';
import { JsonObject } from './json.js';
import { WorkerKind } from './tasks.js';

/** How often a worker says that it lives, and how long it may be silent before it is taken for gone. Milliseconds. */
export const ANNOUNCE_EVERY_MS = 3_000;
export const SILENT_AFTER_MS = 10_000;

/** Of one start of its process: a UUID that it made. */
export const WorkerId = z.uuid();

const Milliseconds = z.number().nonnegative();

/** A task that a worker has in work, or has ended since it spoke last. Ages are milliseconds before the announcement was sent. */
const TaskInWork = z.object({
  /** Which of the deliveries that this worker has taken: counts up. */
  ordinal: z.int().nonnegative(),
  commandId: CommandId,
  /** The name of the state that asks. */
  state: z.string().min(1).max(200),
  dispatchNo: z.int().nonnegative(),
  begunMsAgo: Milliseconds,
  /** Null while it is in work. */
  endedMsAgo: Milliseconds.nullable(),
  /** The last sign of life of the work itself, and what it said; null where it gave none. */
  beatMsAgo: Milliseconds.nullable(),
  note: z.string().max(500).nullable(),
});

/**
 * What a worker says of itself, every few seconds and when it takes a task. A worker with the database hands it in there;
 * one that has only the queues sends it as job `worker` to any results queue.
 */
export const WorkerAnnouncement = z.object({
  v: z.literal(PROTOCOL_VERSION),
  workerId: WorkerId,
  kind: WorkerKind,
  /** What it does, in a sentence. */
  description: z.string().max(500).default(''),
  version: z.string().max(100).default(''),
  host: z.string().max(255),
  pid: z.int().nonnegative(),
  /** How many tasks it works on at the same time. */
  concurrency: z.int().positive(),
  /** How many tasks it takes as one job, where they were ready at the same moment; 1: it takes no bundles. */
  bundle: z.int().positive().max(MOST_IN_BUNDLE).default(1),
  /** Whether it takes messages also through the door that Baton's own processes have among themselves. */
  hasOwnDoor: z.boolean().default(false),
  /** Whether it looks there for messages on every rung of their urgency. */
  looksAtRungs: z.boolean().default(false),
  /** JSON Schemas of its arguments and of its output. */
  input: JsonObject.nullable().default(null),
  output: JsonObject.nullable().default(null),
  /** Everything that it has in work, and what has ended since the last announcement. */
  tasks: z.array(TaskInWork).max(1_000).default([]),
  /** It takes no more tasks, and ends those that it has. */
  isDraining: z.boolean().default(false),
  /** The last one: it takes no more tasks. */
  isStopped: z.boolean().default(false),
});
export type WorkerAnnouncement = z.infer<typeof WorkerAnnouncement>;

/** That a worker takes far longer than its fellows for the tasks of a state, and what that rests on. Medians in milliseconds. */
export const SlowWork = z.object({
  state: z.string(),
  /** How many tasks of that state it had of late. */
  tasks: z.int(),
  medianMs: z.number(),
  /** The median of the medians of the others, and how many those are. */
  fellowsMs: z.number(),
  fellows: z.int(),
});
export type SlowWork = z.infer<typeof SlowWork>;

/** A worker as `GET /v1/workers` lists it. */
export const WorkerView = z.object({
  workerId: z.string(),
  kind: z.string(),
  description: z.string(),
  version: z.string(),
  host: z.string(),
  pid: z.int(),
  concurrency: z.int(),
  /** Tasks in work. */
  load: z.int(),
  /** `silent`: it said nothing for longer than workers do; it was killed, or cannot reach the database. */
  status: z.enum(['alive', 'silent', 'stopped']),
  /** It says that it takes no more tasks, and ends those that it has. */
  isDraining: z.boolean().default(false),
  /** When somebody asked for that, and who. A worker says so itself within seconds; one that never does cannot, since it is older. */
  drainAskedAt: z.string().nullable().default(null),
  drainAskedBy: Actor.nullable().default(null),
  /**
   * Another worker of its kind takes tasks, too, and says another schema of its arguments or of its output: a task may get to either.
   * One that could not take the other's tasks does not begin (ADR 75), so these differ in what does no harm, or cannot be refused.
   */
  isAtOdds: z.boolean().default(false),
  /** Null where nothing is known of that, or it is not slow. Nothing is decided by it. */
  slow: SlowWork.nullable().default(null),
  startedAt: z.string(),
  seenAt: z.string(),
  input: JsonObject.nullable(),
  output: JsonObject.nullable(),
});
export type WorkerView = z.infer<typeof WorkerView>;

/** `GET /v1/workers`: those of the last day, and the last of each kind, by kind; alive ones first. */
export const WorkerList = z.object({ workers: z.array(WorkerView) });
export type WorkerList = z.infer<typeof WorkerList>;

/** One delivery of a task to a worker. */
export const TaskDelivery = z.object({
  commandId: CommandId,
  state: z.string(),
  kind: z.string(),
  /** Counts how often the hub sent the task anew. */
  dispatchNo: z.int(),
  workerId: z.string(),
  /** Null where the worker is forgotten; the version also where it says none. */
  host: z.string().nullable(),
  pid: z.int().nullable(),
  version: z.string().nullable().default(null),
  begunAt: z.string(),
  endedAt: z.string().nullable(),
  /** How long nobody had the task before, null where that is not known; and how long this worker had it. Milliseconds. */
  queuedMs: z.number().nullable(),
  workMs: z.number(),
  /** The last sign of life of the work, and what it said. */
  beatAt: z.string().nullable(),
  note: z.string().nullable(),
  /** `silent`: its worker says nothing any more. `lost`: another worker has the task. */
  status: z.enum(['in-work', 'silent', 'lost', 'ended']),
});
export type TaskDelivery = z.infer<typeof TaskDelivery>;

/** A task that a run waits for. Times are RFC 3339; durations milliseconds. */
export const TaskWork = z.object({
  commandId: CommandId,
  state: z.string(),
  kind: z.string(),
  attempt: z.int(),
  /** When it was due to be sent out: its time in the queue counts from here. */
  since: z.string(),
  /** How long no worker had it, and how long the one that has it is at it; null where none has. */
  queuedMs: z.number(),
  workMs: z.number().nullable(),
  /** Oldest first; a delivery is told of within half a second. */
  deliveries: z.array(TaskDelivery),
  /** Whether a worker of the kind is alive; and where none is, since when: null where none was ever seen. */
  hasWorker: z.boolean(),
  noWorkerSince: z.string().nullable(),
});
export type TaskWork = z.infer<typeof TaskWork>;
