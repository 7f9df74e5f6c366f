import { z } from 'zod';
import { RunId } from './ids.js';

/** What an advisor answers. Whether the move is one of those it was given is for the hub to check. */
export const Advice = z.object({
  /** The id of a legal move. */
  move: z.string().max(500),
  rationale: z.string().max(10_000),
  confidence: z.number().min(0).max(1),
  /** What a person should look at, whatever is decided. */
  concerns: z.array(z.string().max(2_000)).max(50).default([]),
});
export type Advice = z.infer<typeof Advice>;

/** Where a decision was made: at a Choice, after a failed task, between two phases, or at the end of a budget. */
const Point = z.object({ kind: z.string(), state: z.string() });

/** One decision of a run, as `GET /v1/decisions` lists it. */
export const DecisionView = z.object({
  decisionId: z.string(),
  runId: RunId,
  workflow: z.string(),
  /** The number of its event within the run. */
  version: z.int(),
  decidedAt: z.string(),
  point: Point,
  classification: z.string(),
  /** Why it was classified so. */
  reasons: z.array(z.string()),
  source: z.string(),
  actionType: z.string(),
  target: z.string().nullable(),
  rationale: z.string(),
  phase: z.string().nullable(),
  round: z.int().nullable(),
  confidence: z.number().nullable(),
  recoveryStrategy: z.string().nullable(),
  /** What the rule would have done, and why it did not have the word. */
  programmaticAlternative: z.string().nullable(),
  conflictReason: z.string().nullable(),
  /** Why the advice was not followed. */
  adviceRejected: z.string().nullable(),
  /** What an advisor would have said, or why it said nothing of use; null where none was asked in shadow. */
  shadow: z
    .object({
      move: z.string().nullable(),
      confidence: z.number().nullable(),
      problem: z.string().nullable(),
      costUsd: z.number().nullable(),
    })
    .nullable(),
  /** From the question, where somebody was asked, to the decision; and the work of deciding itself. */
  latencyMs: z.number(),
  /** Null where the price is not known. */
  costUsd: z.number().nullable(),
});
export type DecisionView = z.infer<typeof DecisionView>;

/** `GET /v1/decisions`: newest first; `next` is the cursor of the following page. */
export const DecisionList = z.object({ decisions: z.array(DecisionView), next: z.string().nullable() });
export type DecisionList = z.infer<typeof DecisionList>;

/** `GET /v1/decisions/judges`: how the judges agree with the tools, most verdicts first. */
export const JudgeList = z.object({
  judges: z.array(
    z.object({
      template: z.string().nullable(),
      /** Null where it is not on record. */
      variant: z.string().nullable().default(null),
      model: z.string().nullable(),
      n: z.int(),
      agreement: z.number(),
      /** Cohen's κ; null where it is not defined, and then `kappaUndefined` says why. */
      kappa: z.number().nullable(),
      kappaUndefined: z.string().nullable(),
      /** Passes what a tool fails, and fails what every tool passes. */
      falsePasses: z.int(),
      falseAlarms: z.int(),
    }),
  ),
});
export type JudgeList = z.infer<typeof JudgeList>;

const Decided = z.object({
  actionType: z.string(),
  target: z.string().nullable(),
  recoveryStrategy: z.string().nullable(),
  classification: z.string(),
  source: z.string(),
  rationale: z.string(),
});

/** `POST /v1/decisions/backtest`: recorded decisions under another policy, some runs at a time. */
export const BacktestReport = z.object({
  runs: z.int(),
  decisions: z.int(),
  /** How many decisions had each result. */
  counts: z.record(z.string(), z.int()),
  /** Every decision that is not the same. */
  differing: z.array(
    z.object({
      runId: RunId,
      version: z.int(),
      decisionId: z.string(),
      point: Point,
      result: z.string(),
      before: Decided,
      /** Null where it is not known, and `note` says why. */
      after: Decided.nullable(),
      note: z.string(),
      /** An earlier decision of the run would have led elsewhere, so this one may not have been reached. */
      isBeyondDifference: z.boolean(),
    }),
  ),
  /** `?cursor=` of the next runs; null on the last page. */
  next: z.string().nullable(),
});
export type BacktestReport = z.infer<typeof BacktestReport>;
