import type { Json, JsonObject } from './json.js';

/*
 * The language as types. A field that may hold a template keeps it as JSON: every string `{% … %}` in it, at any depth,
 * is an expression. Types exist for the whole language; `parseDefinition` says which of them run today.
 */

export type QueryLanguage = 'JSONata' | 'JSONPath';

export interface StateMachine {
  readonly Comment?: string;
  readonly QueryLanguage?: QueryLanguage;
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
  readonly TimeoutSeconds?: number;
  readonly Version?: string;
}

export type State =
  | TaskState
  | ChoiceState
  | ParallelState
  | PassState
  | SucceedState
  | FailState
  | WaitState
  | MapState;
export type StateType = State['Type'];

interface StateBase {
  readonly Comment?: string;
  readonly QueryLanguage?: QueryLanguage;
}

/** Exactly one of `Next` and `End` is there. */
interface Continues {
  readonly Next?: string;
  readonly End?: boolean;
}

interface Results {
  readonly Output?: Json;
  readonly Assign?: JsonObject;
}

interface Recovers {
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
}

export interface TaskState extends StateBase, Continues, Results, Recovers {
  readonly Type: 'Task';
  readonly Resource: string;
  readonly Arguments?: Json;
  /** A number, or an expression that gives one. */
  readonly TimeoutSeconds?: number | string;
  readonly HeartbeatSeconds?: number | string;
}

export interface ChoiceState extends StateBase, Results {
  readonly Type: 'Choice';
  readonly Choices: readonly ChoiceRule[];
  readonly Default?: string;
}

export interface ChoiceRule extends Results {
  readonly Comment?: string;
  /** An expression that gives a boolean, or a boolean. */
  readonly Condition: string | boolean;
  readonly Next: string;
}

export interface ParallelState extends StateBase, Continues, Results, Recovers {
  readonly Type: 'Parallel';
  readonly Branches: readonly StateMachine[];
  readonly Arguments?: Json;
}

export interface PassState extends StateBase, Continues, Results {
  readonly Type: 'Pass';
}

export interface SucceedState extends StateBase, Results {
  readonly Type: 'Succeed';
}

export interface FailState extends StateBase {
  readonly Type: 'Fail';
  readonly Error?: string;
  readonly Cause?: string;
}

/** Exactly one of `Seconds` and `Timestamp` is there; each may be an expression. */
export interface WaitState extends StateBase, Continues, Results {
  readonly Type: 'Wait';
  readonly Seconds?: number | string;
  readonly Timestamp?: string;
}

export interface MapState extends StateBase, Continues, Results, Recovers {
  readonly Type: 'Map';
  readonly Items?: Json;
  readonly ItemSelector?: Json;
  readonly ItemProcessor: StateMachine;
  readonly MaxConcurrency?: number | string;
  readonly ToleratedFailureCount?: number | string;
  readonly ToleratedFailurePercentage?: number | string;
}

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: 'FULL' | 'NONE';
}

export interface Catcher extends Results {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
}

/** The names of the states that may follow a state, catchers included. */
export function successorsOf(state: State): readonly string[] {
  const names: string[] = [];
  if (state.Type === 'Choice') {
    names.push(...state.Choices.map((rule) => rule.Next));
    if (state.Default !== undefined) names.push(state.Default);
  } else if (state.Type !== 'Succeed' && state.Type !== 'Fail' && state.Next !== undefined) names.push(state.Next);
  if ('Catch' in state && state.Catch !== undefined) names.push(...state.Catch.map((catcher) => catcher.Next));
  return names;
}

/** The state machines inside a state, each with its path below the state: branches of a Parallel, the processor of a Map. */
export function innerMachines(
  state: State,
): readonly { readonly path: readonly (string | number)[]; readonly machine: StateMachine }[] {
  if (state.Type === 'Parallel')
    return state.Branches.map((machine, index) => ({ path: ['Branches', index], machine }));
  if (state.Type === 'Map') return [{ path: ['ItemProcessor'], machine: state.ItemProcessor }];
  return [];
}
