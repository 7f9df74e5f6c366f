import { z } from 'zod';
import { ApprovalCounted, ApprovalDecided, ApprovalEscalated, ApprovalReminded } from './about-approvals.js';
import { AdviceFailed, AdviceGiven, AdviceRequested, DecisionMade } from './about-decisions.js';
import {
  BudgetAwaited,
  BudgetExhausted,
  BudgetExtended,
  BudgetWarned,
  EngineChanged,
  RunCancelled,
  RunContinued,
  RunFailed,
  RunForked,
  RunPaused,
  RunRated,
  RunResumed,
  RunRetried,
  RunStarted,
  RunSucceeded,
  SignalReceived,
  TurnResumed,
  TurnYielded,
} from './about-runs.js';
import {
  ErrorCaught,
  FrameAborted,
  FrameEnded,
  FrameStarted,
  MapStarted,
  StateEntered,
  StateExited,
  StateFailed,
  StateRetried,
} from './about-states.js';
import {
  CommandCancelled,
  TaskAsked,
  TaskFailed,
  TaskScheduled,
  TaskSubmitted,
  TaskSucceeded,
  TaskTimedOut,
  TimerFired,
  TimerScheduled,
} from './about-tasks.js';

/*
 * The facts of a run. An event holds every value an expression gave, so that folding a log needs no evaluator, no clock
 * and no model.
 *
 * A *frame* is one execution of a state machine: the root (frame 0), or a branch of a Parallel state. A *visit* is one
 * entry into a state of a frame. Both are numbered through the run, in the order in which they began.
 * A *command* is what the hub asked for outside itself: a task or a timer.
 */

export const RunEvent = z.discriminatedUnion('type', [
  RunStarted,
  RunForked,
  RunRetried,
  RunContinued,
  EngineChanged,
  RunPaused,
  RunResumed,
  RunRated,
  SignalReceived,
  FrameStarted,
  StateEntered,
  MapStarted,
  TaskScheduled,
  TaskSubmitted,
  TaskSucceeded,
  TaskFailed,
  TaskAsked,
  ApprovalCounted,
  ApprovalDecided,
  ApprovalReminded,
  ApprovalEscalated,
  AdviceRequested,
  AdviceGiven,
  AdviceFailed,
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
  BudgetWarned,
  BudgetExhausted,
  BudgetExtended,
  BudgetAwaited,
  TurnYielded,
  TurnResumed,
  RunSucceeded,
  RunFailed,
  RunCancelled,
]);
export type RunEvent = z.infer<typeof RunEvent>;
export type RunEventOf<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>;

/** Events that hold the whole state: a log can be read from the newest of them on. */
export const SNAPSHOT_EVENTS = ['RunForked', 'RunRetried', 'RunContinued'] as const satisfies RunEvent['type'][];

/** The schema version written with new events of each type. Older versions are lifted on read by `upcast`. */
export const EVENT_SCHEMA_VERSION = 9;
