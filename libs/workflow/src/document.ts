import { DecisionMode, JsonObject, WorkflowName } from '@baton/contracts';
import { z } from 'zod';

/** `{% … %}`: an expression of the workflow's query language. */
const Expression = z.string().regex(/^\{%[\s\S]*%\}$/, 'expected an expression {% … %}');

/**
 * A Choice at which the hub makes a recorded decision, and where the facts for it are found. The expressions see what
 * the Choice's own conditions see.
 */
export const DecisionPoint = z.strictObject({
  state: z.string(),
  phase: z.string(),
  /** Gives an object of numbers: dimension → score. */
  scores: Expression.optional(),
  /** Gives an object of numbers: dimension → the score from which it is good enough. */
  thresholds: Expression.optional(),
  /** Gives the number of the round just finished, from 1. */
  round: Expression.optional(),
  /** Gives the most rounds that are allowed. */
  maxRounds: Expression.optional(),
  /** Gives the names of the deterministic tools that failed. */
  failingTools: Expression.optional(),
});
export type DecisionPoint = z.infer<typeof DecisionPoint>;

/** What a numbered step is: shown to people, and its template is handed to the worker where Arguments name none. */
export const Step = z.strictObject({
  number: z.int().positive(),
  title: z.string().min(1),
  template: z.string().optional(),
});
export type Step = z.infer<typeof Step>;

/** A workflow document: an Amazon States Language definition and what Baton adds around it. */
export const WorkflowDocument = z.strictObject({
  name: WorkflowName,
  version: z.string().regex(/^\d+\.\d+\.\d+$/, 'expected a version such as 1.0.0'),
  title: z.string().min(1),
  description: z.string().optional(),
  /** JSON Schema (draft 2020-12) of the run's input. */
  input: JsonObject.optional(),
  definition: JsonObject,
  phases: z.array(z.strictObject({ name: z.string(), states: z.array(z.string()).min(1) })).optional(),
  steps: z.record(z.string(), Step).optional(),
  decisions: z
    .strictObject({ mode: DecisionMode.default('programmatic'), at: z.array(DecisionPoint).default([]) })
    .optional(),
  budget: z
    .strictObject({
      usd: z.number().positive().optional(),
      tokens: z.int().positive().optional(),
      wallClock: z.iso.duration().optional(),
    })
    .optional(),
});
export type WorkflowDocument = z.infer<typeof WorkflowDocument>;
