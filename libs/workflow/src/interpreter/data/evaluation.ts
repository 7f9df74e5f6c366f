import {
  type DataTest,
  DEFAULT_LIMITS,
  ErrorName,
  type EvaluationLimits,
  type EvaluationResult,
  type Json,
  type JsonObject,
  type PathAsked,
  type PathScope,
  type Scope,
} from '@baton/asl';
import { SETTING_OF } from '../../run-limits.js';
import type { VisitState } from '../../state/run-state.js';
import type { Turn } from '../turn/turn.js';
import { frameOf } from '../turn/turn.js';
import { contextOf, type MapItem } from './context.js';

/** Why a state failed. `isRetryable: false` passes by every retrier. */
export interface Failure {
  readonly error: string;
  readonly cause: string;
  readonly isRetryable: boolean;
  /** Nothing retries or catches it, however far out: the run fails. */
  readonly isTerminal?: boolean;
  /** The state failed by itself, not its task: to send the task out in another way cannot help. */
  readonly isOwn?: boolean;
}

/** A visit whose state failed, on its way to the retriers and catchers. */
export interface FailedVisit {
  readonly visit: number;
  readonly failure: Failure;
}

export const failedVisit = (visit: VisitState, failure: Failure): FailedVisit => ({ visit: visit.visit, failure });

export type Evaluated<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

/** What `$states` has beyond `input` and `context`. */
export interface Given {
  readonly result?: Json;
  readonly errorOutput?: Json;
  /** The item that is looked at, where it is not the one around the state. */
  readonly item?: MapItem;
}

/** Evaluates a template of a state in JSONata. */
export async function evaluateIn(
  turn: Turn,
  visit: VisitState,
  field: string,
  template: Json,
  given: Given = {},
): Promise<Evaluated<Json>> {
  const { item, ...results } = given;
  const scope: Scope = {
    states: { input: visit.input, context: contextOf(turn, visit, item, field), ...results },
    ...surroundings(turn, visit, field),
  };
  if (item === undefined)
    return outcomeOf(turn, visit, await turn.evaluator.template(template, scope, field, limitsOf(turn)));
  return outcomeOf(turn, visit, await turn.evaluator.template(template, scope, field, limitsOf(turn)), 'item');
}

/** What JSONPath sees of a state whose `$` is the given input. */
const pathScope = (turn: Turn, visit: VisitState, field: string, input: Json, item?: MapItem): PathScope => ({
  input,
  context: contextOf(turn, visit, item, field),
  ...surroundings(turn, visit, field),
});

/** Evaluates a field of a state in JSONPath that holds a path or an intrinsic function. */
export const queryIn = (
  turn: Turn,
  visit: VisitState,
  field: string,
  text: string,
  input: Json,
): Promise<Evaluated<Json>> =>
  askPaths(turn, visit, { kind: 'query', text }, pathScope(turn, visit, field, input), field);

/** Evaluates a payload template of a state in JSONPath. */
export const payloadIn = (
  turn: Turn,
  visit: VisitState,
  field: string,
  template: Json,
  input: Json,
  item?: MapItem,
): Promise<Evaluated<Json>> =>
  askPaths(turn, visit, { kind: 'payload', template }, pathScope(turn, visit, field, input, item), field);

/** Whether a rule of a Choice in JSONPath holds; true is the answer of one that does. */
export const testIn = (
  turn: Turn,
  visit: VisitState,
  field: string,
  test: DataTest,
  input: Json,
): Promise<Evaluated<Json>> =>
  askPaths(turn, visit, { kind: 'test', test }, pathScope(turn, visit, field, input), 'Variable');

const askPaths = async (
  turn: Turn,
  visit: VisitState,
  asked: PathAsked,
  scope: PathScope,
  field: string,
): Promise<Evaluated<Json>> => pathOutcome(turn, visit, await turn.evaluator.path(asked, scope, field, limitsOf(turn)));

const surroundings = (turn: Turn, visit: VisitState, field: string): Pick<Scope, 'variables' | 'nowMs' | 'seed'> => ({
  variables: frameOf(turn, visit.frame).variables,
  nowMs: turn.nowMs,
  // The event counter makes two evaluations of one visit differ; the field, two of one moment.
  seed: `${turn.runId}/${visit.visit}/${turn.run.eventCount}/${field}`,
});

const limitsOf = (turn: Turn): EvaluationLimits => ({
  ...DEFAULT_LIMITS,
  maxSteps: turn.limits.expressionSteps,
  stepsSetting: SETTING_OF.expressionSteps,
});

/** Steps that count as one more state of the path. */
const STEPS_OF_STATE = 1_000;

/** @param of an item of a Map has a path of its own: what is evaluated for it is no work of the path around it */
function outcomeOf(
  turn: Turn,
  visit: VisitState,
  result: EvaluationResult,
  of: 'state' | 'item' = 'state',
): Evaluated<Json> {
  turn.stepsLeft -= result.steps;
  if (of === 'state' && result.steps >= STEPS_OF_STATE) {
    const states = Math.floor(result.steps / STEPS_OF_STATE);
    turn.entered.set(visit.frame, (turn.entered.get(visit.frame) ?? 0) + states);
  }
  if (result.ok) return { ok: true, value: result.value };
  return { ok: false, failure: failureIn(visit, result.error, result.problem) };
}

/** As in the recorded service, a path that leads nowhere ends the run: no catcher is asked. */
function pathOutcome(turn: Turn, visit: VisitState, result: EvaluationResult): Evaluated<Json> {
  const outcome = outcomeOf(turn, visit, result);
  if (outcome.ok || outcome.failure.error !== ErrorName.runtime) return outcome;
  return { ok: false, failure: { ...outcome.failure, isTerminal: true } };
}

/** Something that a state in JSONPath cannot go on from, and nothing can catch. */
export const runtimeFailure = (visit: VisitState, problem: string): Failure => ({
  ...failureIn(visit, ErrorName.runtime, problem),
  isTerminal: true,
});

/** A failure of the state itself, not of a task: the cause names the state, as the language's own messages do. */
export const failureIn = (visit: VisitState, error: string, problem: string): Failure => ({
  error,
  cause: `An error occurred while executing the state '${visit.state}'. ${problem}`,
  isRetryable: true,
  isOwn: true,
});

/** Evaluates Output and Assign: both see the variables as they were, and neither sees the other. */
export async function evaluateResults(
  turn: Turn,
  visit: VisitState,
  from: { readonly Output?: Json; readonly Assign?: JsonObject },
  given: Given,
  defaultOutput: Json,
): Promise<Evaluated<{ readonly output: Json; readonly assign: JsonObject }>> {
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
