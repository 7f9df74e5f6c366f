import { z } from 'zod';
import { ApprovalAnswer, WorkflowRef } from './intake.js';
import { Json, JsonObject } from './json.js';

/** A state of the outermost machine as it is about to begin, and what a run would know by then. */
const StateAhead = z.strictObject({
  state: z.string().min(1).max(200),
  /** What the state is given. */
  input: Json.optional(),
  variables: JsonObject.optional(),
  /** The input of the whole run. */
  runInput: JsonObject.optional(),
  phase: z.string().max(200).optional(),
  /** Of the rounds before, oldest first. */
  scores: z
    .array(z.strictObject({ phase: z.string(), round: z.int(), scores: z.record(z.string(), z.number()) }))
    .max(1_000)
    .optional(),
  errorCount: z.int().nonnegative().optional(),
});

/** What came of something that the run waits for; `state` says of what, where several things are open. */
const Outcome = z.strictObject({
  state: z.string().max(200).optional(),
  /** Of a task that succeeded, or the data of a signal. */
  output: Json.optional(),
  /** Of a task that failed. */
  error: z.string().min(1).max(500).optional(),
  cause: z.string().max(10_000).optional(),
  retryable: z.boolean().optional(),
  /** Of a person. */
  decision: ApprovalAnswer.optional(),
  comment: z.string().max(10_000).optional(),
  move: z.string().max(200).optional(),
});

/** An event as `GET /v1/runs/{id}/events` gives it; of a later version than is known here it is refused. */
const EventGiven = z.looseObject({ type: z.string().max(100), schemaVersion: z.int().optional(), data: Json });

/**
 * Body of `POST /v1/workflows/consider`: where to look from — exactly one of `at`, a state of `workflow`; `events`, a log from its
 * first event on; or `run`, a run of this Baton.
 */
export const ConsiderBody = z.strictObject({
  /** A name, `name@version`, or a document. */
  workflow: z.union([WorkflowRef, JsonObject]).optional(),
  at: StateAhead.optional(),
  events: z.array(EventGiven).min(1).max(5_000).optional(),
  run: z
    .strictObject({
      id: z.string().min(1).max(64),
      /** After so many of its events; all of them where it is absent. */
      at: z.int().positive().optional(),
    })
    .optional(),
  outcome: Outcome.optional(),
});
export type ConsiderBody = z.infer<typeof ConsiderBody>;

/** Something that can be done at a decision point. */
const MoveView = z.object({
  id: z.string(),
  actionType: z.string(),
  target: z.string().nullable(),
  targetAgent: z.string().nullable(),
  recoveryStrategy: z.string().nullable(),
  text: z.string(),
});

const Point = z.object({ kind: z.string(), state: z.string() });
const Scores = z.record(z.string(), z.number()).nullable();

/** What the engine would do from there; nothing of it is done. */
export const Considered = z.object({
  status: z.enum(['running', 'paused', 'succeeded', 'failed', 'cancelled']),
  phase: z.string().nullable(),
  /** The first decision point that is met, with its closed list of moves; null where none is. */
  question: z
    .object({
      point: Point,
      classification: z.string(),
      reasons: z.array(z.string()),
      phase: z.string().nullable(),
      round: z.int().nullable(),
      scores: Scores,
      /** The move of the rules, and why. */
      rule: MoveView,
      rationale: z.string(),
      moves: z.array(MoveView),
      blocked: z.array(z.object({ move: MoveView, reason: z.string() })),
    })
    .nullable(),
  /** What the rules decide, there and at further points on the way. */
  decisions: z.array(
    z.object({
      point: Point,
      classification: z.string(),
      source: z.string(),
      actionType: z.string(),
      target: z.string().nullable(),
      rationale: z.string(),
      round: z.int().nullable(),
      scores: Scores,
      recoveryStrategy: z.string().nullable(),
    }),
  ),
  /** What would have to be done next: by a worker, a person, a signal, a child run or the time. */
  waitsFor: z.array(
    z.object({
      state: z.string(),
      resource: z.string().nullable(),
      attempt: z.int(),
      arguments: Json,
      deadline: z.string().nullable(),
    }),
  ),
  output: Json,
  error: z.string().nullable(),
  cause: z.string().nullable(),
});
export type Considered = z.infer<typeof Considered>;
