import { DEFAULT_LIMITS, evaluate, type Json, type JsonObject, type Scope } from '@baton/asl';
import type { VisitState } from '../state.js';
import type { Turn } from './turn.js';
import { frameOf } from './turn.js';

/** Why a state failed. `isRetryable: false` passes by every retrier. */
export interface Failure {
  readonly error: string;
  readonly cause: string;
  readonly isRetryable: boolean;
}

/** A visit whose state failed, on its way to the retriers and catchers. */
export interface FailedVisit {
  readonly visit: number;
  readonly failure: Failure;
}

export const failedVisit = (visit: VisitState, failure: Failure): FailedVisit => ({ visit: visit.visit, failure });

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

/** What `$states` has beyond `input` and `context`. */
export interface Given {
  readonly result?: Json;
  readonly errorOutput?: Json;
}

/** Evaluates a template as a state sees it. */
export async function evaluateIn(
  turn: Turn,
  visit: VisitState,
  field: string,
  template: Json,
  given: Given = {},
): Promise<Outcome<Json>> {
  const scope: Scope = {
    states: { input: visit.input, context: contextOf(turn, visit), ...given },
    variables: frameOf(turn, visit.frame).variables,
    nowMs: turn.nowMs,
    // The event counter makes two evaluations of one visit differ; the field, two of one moment.
    seed: `${turn.runId}/${visit.visit}/${turn.run.eventCount}/${field}`,
  };
  const maxSteps = Math.min(DEFAULT_LIMITS.maxSteps, turn.stepsLeft);
  const result = await evaluate(template, scope, field, { ...DEFAULT_LIMITS, maxSteps });
  turn.stepsLeft -= result.steps;
  if (result.ok) return { ok: true, value: result.value };
  return { ok: false, failure: failureIn(visit, result.error, result.problem) };
}

/** A failure of the state itself, not of a task: the cause names the state, as the language's own messages do. */
export const failureIn = (visit: VisitState, error: string, problem: string): Failure => ({
  error,
  cause: `An error occurred while executing the state '${visit.state}'. ${problem}`,
  isRetryable: true,
});

/** Evaluates Output and Assign: both see the variables as they were, and neither sees the other. */
export async function evaluateResults(
  turn: Turn,
  visit: VisitState,
  from: { readonly Output?: Json; readonly Assign?: JsonObject },
  given: Given,
  defaultOutput: Json,
): Promise<Outcome<{ readonly output: Json; readonly assign: JsonObject }>> {
  let output = defaultOutput;
  if (from.Output !== undefined) {
    const evaluated = await evaluateIn(turn, visit, 'Output', from.Output, given);
    if (!evaluated.ok) return evaluated;
    output = evaluated.value;
  }
  if (from.Assign === undefined) return { ok: true, value: { output, assign: {} } };
  const assigned = await evaluateIn(turn, visit, 'Assign', from.Assign, given);
  if (!assigned.ok) return assigned;
  const assign: JsonObject = Object.fromEntries(Object.entries(assigned.value ?? {}));
  return { ok: true, value: { output, assign } };
}

/** Evaluates a field that must give a number of seconds; null where the field is absent. */
export async function evaluateSeconds(
  turn: Turn,
  visit: VisitState,
  field: string,
  template: number | string | undefined,
): Promise<Outcome<number | null>> {
  if (template === undefined) return { ok: true, value: null };
  const evaluated = await evaluateIn(turn, visit, field, template);
  if (!evaluated.ok) return evaluated;
  const { value } = evaluated;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 99_999_999)
    return { ok: true, value };
  const problem = `The field '${field}' must be a whole number of seconds from 0 to 99999999, but was ${JSON.stringify(value)}.`;
  return { ok: false, failure: failureIn(visit, 'States.QueryEvaluationError', problem) };
}

function contextOf(turn: Turn, visit: VisitState): JsonObject {
  const { workflow, input } = turn.run;
  return {
    Execution: { Id: turn.runId, Name: turn.runId, Input: input },
    StateMachine: { Id: `${workflow.name}@${workflow.version}`, Name: workflow.name },
    State: { Name: visit.state, RetryCount: visit.retries.reduce((sum, used) => sum + used, 0) },
  };
}
