import { RecoveryStrategy } from '@baton/contracts';
import { z } from 'zod';

/** How hard a decision point is: see `classify`. */
export const Classification = z.enum(['standard', 'hybrid', 'complex']);
export type Classification = z.infer<typeof Classification>;

/** Who had the last word. */
export const DecisionSource = z.enum(['programmatic', 'llm_override', 'programmatic_fallback', 'human']);
export type DecisionSource = z.infer<typeof DecisionSource>;

export const ActionType = z.enum([
  'invoke_agent',
  'transition_phase',
  'retry_with_recovery',
  'request_human',
  'complete',
  'fail',
]);
export type ActionType = z.infer<typeof ActionType>;

/** What one model said of the work that the tools looked at, too. */
export const Judgement = z.object({
  judge: z.string(),
  template: z.string().nullable().default(null),
  model: z.string().nullable().default(null),
  /** The variant of the template. Missing in the oldest logs, and where the template has none but the usual one. */
  variant: z.string().optional(),
  passes: z.boolean(),
});
export type Judgement = z.infer<typeof Judgement>;

/** One decision of the hub, as it stands in the log. `target` is the name of the state that follows, if any. */
export const DecisionRecord = z.object({
  /** `<run id>-d<ordinal>`, from 1. */
  decisionId: z.string(),
  point: z.object({ kind: z.enum(['choice', 'task-failed', 'phase-change', 'budget']), state: z.string() }),
  classification: Classification,
  /** Why it was classified so: one sentence each. */
  reasons: z.array(z.string()),
  source: DecisionSource,
  actionType: ActionType,
  targetAgent: z.string().nullable(),
  template: z.string().nullable(),
  stepNumber: z.int().nullable(),
  target: z.string().nullable(),
  phase: z.string().nullable(),
  round: z.int().nullable(),
  scores: z.record(z.string(), z.number()).nullable(),
  rationale: z.string(),
  confidence: z.number().min(0).max(1).nullable(),
  recoveryStrategy: RecoveryStrategy.nullable(),
  programmaticAlternative: z.string().nullable(),
  conflictReason: z.string().nullable(),
  adviceRejected: z.string().nullable(),
  /** What the advisor wants a person to look at. Missing in the oldest logs, as the facts. */
  concerns: z.array(z.string()).optional(),
  facts: z
    .object({
      errorCount: z.int(),
      thresholds: z.record(z.string(), z.number()).nullable(),
      maxRounds: z.int().nullable(),
      failingTools: z.array(z.string()).nullable(),
      /** Tools that should have run and did not. Missing in events of version 1. */
      unrunTools: z.array(z.string()).optional(),
      /** Why the round was not scored, and why another would not help, where that is so. */
      unscored: z.string().optional(),
      standstill: z.string().optional(),
      judges: z.array(Judgement).optional(),
      /** What the round made, where the point says what that is. */
      outputSha256: z.string().optional(),
    })
    .optional(),
  latencyMs: z.number().nonnegative(),
  costUsd: z.number().nonnegative().nullable(),
});
export type DecisionRecord = z.infer<typeof DecisionRecord>;
