import {
  CommandId,
  HandIn,
  JournalPart,
  Json,
  RecoveryStrategy,
  RequestId,
  TaskAnswer,
  TaskAsks,
  TaskBudget,
  TaskFacts,
} from '@baton/contracts';
import { z } from 'zod';
import { Question } from '../decision-points/question.js';
import { ApprovalAsked } from './about-approvals.js';
import { define, Instant, Visit } from './define.js';

export const TaskScheduled = define('TaskScheduled', {
  visit: Visit,
  commandId: CommandId,
  /** The Resource of the Task state. */
  resource: z.string(),
  /** What the worker is given. */
  arguments: Json,
  /** The template that the worker is asked to work with; its text is named by the result. Missing in events of version 1. */
  template: z.string().optional(),
  /** From 1. */
  attempt: z.int().positive(),
  notBefore: Instant.nullable(),
  deadline: Instant.nullable(),
  heartbeatSeconds: z.number().nullable(),
  /** There for an approval: SHA-256 (hex) of the canonical JSON of what is to be approved, its arguments. */
  sha256: z.string().optional(),
  /** There for an approval whose arguments have a policy. */
  approval: ApprovalAsked.optional(),
  /** There where a person is asked to decide: what about. */
  question: Question.optional(),
  /** There where a task that failed for good is tried again, in another way. */
  recovery: z.object({ strategy: RecoveryStrategy, attempt: z.int().positive() }).optional(),
  /** What the task may spend at most: it is reserved until the task is settled. */
  budget: TaskBudget.optional(),
  /** How many questions the task may put to a person; absent: none. Since version 4. */
  questions: z.int().positive().optional(),
  /** There where an earlier task of the visit asked a person and this one goes on with the answer. Since version 4. */
  continues: z.array(JournalPart).min(1).optional(),
  answer: TaskAnswer.optional(),
  /** There where a person is asked to do the work by hand; the resource is that of an approval. Since version 5. */
  byHand: z.literal(true).optional(),
  /** There where a person did it: what is to be looked at. Since version 5. */
  handIn: HandIn.optional(),
});

export const TaskSucceeded = define('TaskSucceeded', {
  visit: Visit,
  commandId: CommandId,
  output: Json,
  /** There where the result is a signal: its number. */
  signal: z.int().positive().optional(),
  /** There where it was answered by its token: the request that did. Since version 9. */
  requestId: RequestId.optional(),
  ...TaskFacts.shape,
});

export const TaskFailed = define('TaskFailed', {
  visit: Visit,
  commandId: CommandId,
  error: z.string(),
  cause: z.string(),
  retryable: z.boolean(),
  /** There where it was answered by its token: the request that did. Since version 9. */
  requestId: RequestId.optional(),
  ...TaskFacts.shape,
});

/** The worker has done its part, and the task goes on until somebody answers by its token. Since version 9. */
export const TaskSubmitted = define('TaskSubmitted', { visit: Visit, commandId: CommandId, ...TaskFacts.shape });

/** The task asks a person, and is over: another one goes on from its journal once there is an answer. Since version 4. */
export const TaskAsked = define('TaskAsked', {
  visit: Visit,
  commandId: CommandId,
  asks: TaskAsks,
  ...TaskFacts.shape,
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
