import { Actor, CommandId, DecisionMode, Json, JsonObject, RequestId, Usage } from '@baton/contracts';
import { z } from 'zod';
import { DecisionRecord } from './decisions/decision-record.js';
import { WorkflowDocument } from './document.js';

/*
 * The facts of a run. An event holds every value an expression gave, so that folding a log needs no evaluator, no clock
 * and no model.
 *
 * A *frame* is one execution of a state machine: the root (frame 0), or a branch of a Parallel state. A *visit* is one
 * entry into a state of a frame. Both are numbered through the run, in the order in which they began.
 * A *command* is what the hub asked for outside itself: a task or a timer.
 */

const Visit = z.int().nonnegative();
const Frame = z.int().nonnegative();
const Instant = z.iso.datetime();

const taskFacts = {
  usage: Usage.optional(),
  model: z.string().optional(),
  journal: z.object({ calls: z.int(), replayed: z.int() }).optional(),
};

const define = <const T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.object({ type: z.literal(type), data: z.object(shape) });

export const RunStarted = define('RunStarted', {
  workflow: z.object({ name: z.string(), version: z.string(), sha256: z.string() }),
  /** The whole document: a run keeps the version it started with, and its log alone explains it. */
  document: WorkflowDocument,
  input: Json,
  requestId: RequestId,
  submittedBy: Actor,
  labels: z.record(z.string(), z.string()),
  priority: z.int(),
  decisionMode: DecisionMode,
  budget: z.object({
    usd: z.number().nullable(),
    tokens: z.int().nullable(),
    wallClock: z.string().nullable(),
  }),
  /** Missing in the oldest logs. */
  startedAt: Instant.optional(),
});

export const FrameStarted = define('FrameStarted', {
  frame: Frame,
  /** Null for the root. */
  parent: z.object({ visit: Visit, branch: z.int().nonnegative() }).nullable(),
  /** JSON pointer of the state machine within the definition; empty for the root. */
  machine: z.string(),
  input: Json,
});

export const StateEntered = define('StateEntered', {
  visit: Visit,
  frame: Frame,
  state: z.string(),
  /** Missing in the oldest logs. */
  enteredAt: Instant.optional(),
});

/** A Map state knows its items; a frame for each of them follows, as many at once as it allows. */
export const MapStarted = define('MapStarted', {
  visit: Visit,
  /** What each frame is about: an item, or a batch of them as the frame gets it. */
  items: z.array(Json),
  /** How many frames run at once; 0 stands for all. */
  maxConcurrency: z.int().nonnegative(),
  /** How many items may fail, by number and by share; null where none may. */
  toleratedCount: z.int().nonnegative().nullable(),
  toleratedPercentage: z.number().nullable(),
});

export const TaskScheduled = define('TaskScheduled', {
  visit: Visit,
  commandId: CommandId,
  /** The Resource of the Task state. */
  resource: z.string(),
  /** What the worker is given. */
  arguments: Json,
  /** From 1. */
  attempt: z.int().positive(),
  notBefore: Instant.nullable(),
  deadline: Instant.nullable(),
  heartbeatSeconds: z.number().nullable(),
});

export const TaskSucceeded = define('TaskSucceeded', {
  visit: Visit,
  commandId: CommandId,
  output: Json,
  ...taskFacts,
});

export const TaskFailed = define('TaskFailed', {
  visit: Visit,
  commandId: CommandId,
  error: z.string(),
  cause: z.string(),
  retryable: z.boolean(),
  ...taskFacts,
});

export const TaskTimedOut = define('TaskTimedOut', { visit: Visit, commandId: CommandId, error: z.string() });

/** The hub no longer wants the result: a sibling branch failed, or the run was cancelled. */
export const CommandCancelled = define('CommandCancelled', {
  visit: Visit,
  commandId: CommandId,
  reason: z.string(),
});

export const TimerScheduled = define('TimerScheduled', { visit: Visit, commandId: CommandId, dueAt: Instant });
export const TimerFired = define('TimerFired', { visit: Visit, commandId: CommandId });

/** A retrier of the state matched the error; the next attempt follows, not before `notBefore`. */
export const StateRetried = define('StateRetried', {
  visit: Visit,
  retrier: z.int().nonnegative(),
  error: z.string(),
  cause: z.string(),
  notBefore: Instant,
});

export const StateExited = define('StateExited', {
  visit: Visit,
  output: Json,
  /** Variables set by the state, with their new values. */
  assign: JsonObject,
  /** Null where the state ends its frame. */
  next: z.string().nullable(),
});

/** A catcher of the state matched the error: the state is left through it. */
export const ErrorCaught = define('ErrorCaught', {
  visit: Visit,
  catcher: z.int().nonnegative(),
  error: z.string(),
  cause: z.string(),
  output: Json,
  assign: JsonObject,
  next: z.string(),
});

/** The state failed and nothing caught it; its frame ends. */
export const StateFailed = define('StateFailed', { visit: Visit, error: z.string(), cause: z.string() });

export const FrameEnded = define('FrameEnded', { frame: Frame, output: Json });

/** The frame ended without output: it failed, or was given up because a sibling failed or the run was cancelled. */
export const FrameAborted = define('FrameAborted', {
  frame: Frame,
  reason: z.string(),
  /** There where the frame is that of an item whose failure its Map tolerates. */
  isTolerated: z.literal(true).optional(),
});

export const DecisionMade = define('DecisionMade', { decision: DecisionRecord });

export const RunSucceeded = define('RunSucceeded', { output: Json });
export const RunFailed = define('RunFailed', { error: z.string(), cause: z.string() });
export const RunCancelled = define('RunCancelled', { reason: z.string(), requestId: RequestId });

export const RunEvent = z.discriminatedUnion('type', [
  RunStarted,
  FrameStarted,
  StateEntered,
  MapStarted,
  TaskScheduled,
  TaskSucceeded,
  TaskFailed,
  TaskTimedOut,
  CommandCancelled,
  TimerScheduled,
  TimerFired,
  StateRetried,
  StateExited,
  ErrorCaught,
  StateFailed,
  FrameEnded,
  FrameAborted,
  DecisionMade,
  RunSucceeded,
  RunFailed,
  RunCancelled,
]);
export type RunEvent = z.infer<typeof RunEvent>;
export type RunEventOf<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>;

/** The schema version written with new events of each type. Older versions are lifted on read by `upcast`. */
export const EVENT_SCHEMA_VERSION = 1;
