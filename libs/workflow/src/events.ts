import {
  Actor,
  ApprovalAnswer,
  CommandId,
  DecisionMode,
  Json,
  JsonObject,
  RequestId,
  RunId,
  SignalName,
  Usage,
} from '@baton/contracts';
import { z } from 'zod';
import { DecisionRecord } from './decisions/decision-record.js';
import { WorkflowDocument } from './document.js';
import { RunCarry } from './run-carry.js';
import { ParentRun } from './state.js';

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
  /** There where a state of another run asked for this one. */
  parent: ParentRun.optional(),
});

/** A new run takes over the state that another had after its event `version`, and goes on from there. */
export const RunForked = define('RunForked', {
  from: z.object({ runId: RunId, version: z.int().positive() }),
  requestId: RequestId,
  carry: RunCarry,
});

/** A failed run goes on from the states that failed or were given up. The carry is its state before they were. */
export const RunRetried = define('RunRetried', {
  requestId: RequestId,
  reason: z.string(),
  /** The last event that still counts. */
  version: z.int().positive(),
  carry: RunCarry,
});

/** The log of a long run says what its state is, so that nobody need read all that came before. Changes nothing. */
export const RunContinued = define('RunContinued', { carry: RunCarry });

/** From here on nothing new begins until `RunResumed`; what comes back is kept. */
export const RunPaused = define('RunPaused', { requestId: RequestId, reason: z.string() });
export const RunResumed = define('RunResumed', { requestId: RequestId });

/** A signal came for the run. It is kept until a state takes it, which its TaskSucceeded says. */
export const SignalReceived = define('SignalReceived', {
  /** Numbered through the run, from 1. */
  signal: z.int().positive(),
  name: SignalName,
  data: Json,
  requestId: RequestId,
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
  /** There for an approval: SHA-256 (hex) of the canonical JSON of what is to be approved, its arguments. */
  sha256: z.string().optional(),
});

export const TaskSucceeded = define('TaskSucceeded', {
  visit: Visit,
  commandId: CommandId,
  output: Json,
  /** There where the result is a signal: its number. */
  signal: z.int().positive().optional(),
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

/** A person answered. `reject` is the failure Baton.Rejected, anything else a result. */
export const ApprovalDecided = define('ApprovalDecided', {
  visit: Visit,
  commandId: CommandId,
  decision: ApprovalAnswer,
  comment: z.string(),
  by: Actor,
  requestId: RequestId,
});

export const TaskTimedOut = define('TaskTimedOut', {
  visit: Visit,
  commandId: CommandId,
  error: z.string(),
  /** Missing in the oldest logs. */
  cause: z.string().optional(),
});

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
  /** There where a recorded decision led to `next`. */
  isDecided: z.literal(true).optional(),
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
  isDecided: z.literal(true).optional(),
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
  RunForked,
  RunRetried,
  RunContinued,
  RunPaused,
  RunResumed,
  SignalReceived,
  FrameStarted,
  StateEntered,
  MapStarted,
  TaskScheduled,
  TaskSucceeded,
  TaskFailed,
  ApprovalDecided,
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

/** Events that hold the whole state: a log can be read from the newest of them on. */
export const CARRYING_EVENTS = ['RunForked', 'RunRetried', 'RunContinued'] as const satisfies RunEvent['type'][];

/** The schema version written with new events of each type. Older versions are lifted on read by `upcast`. */
export const EVENT_SCHEMA_VERSION = 1;
