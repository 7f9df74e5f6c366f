import type { Json, JsonObject } from './json.js';

/*
 * The language as types, both query languages in one: `parseDefinition` sees to it that a state has the fields of its own
 * only. A field that may hold a template keeps it as JSON. In JSONata every string `{% … %}` in it, at any depth, is an
 * expression; in JSONPath every member whose name ends in `.$` holds a path or an intrinsic function.
 */

export type QueryLanguage = 'JSONata' | 'JSONPath';

export const isQueryLanguage = (value: unknown): value is QueryLanguage => value === 'JSONata' || value === 'JSONPath';

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
  /** JSONPath: what of the input the state sees, and what of its output goes on. Null stands for `{}`. */
  readonly InputPath?: string | null;
  readonly OutputPath?: string | null;
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

/** JSONPath: what becomes of a result, and where in the input it is put. Null drops it. */
interface Places {
  readonly ResultSelector?: Json;
  readonly ResultPath?: string | null;
}

interface Recovers {
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
}

export interface TaskState extends StateBase, Continues, Results, Places, Recovers {
  readonly Type: 'Task';
  readonly Resource: string;
  readonly Arguments?: Json;
  readonly Parameters?: Json;
  /** A number, or an expression that gives one. */
  readonly TimeoutSeconds?: number | string;
  readonly TimeoutSecondsPath?: string;
  readonly HeartbeatSeconds?: number | string;
  readonly HeartbeatSecondsPath?: string;
}

export interface ChoiceState extends StateBase, Results {
  readonly Type: 'Choice';
  readonly Choices: readonly ChoiceRule[];
  readonly Default?: string;
}

export interface ChoiceRule extends Results, DataTest {
  /** An expression that gives a boolean, or a boolean. */
  readonly Condition?: string | boolean;
  readonly Next: string;
}

/** JSONPath: a rule about the data. Beside these it has one comparison, such as `StringEquals`, with its operand. */
export interface DataTest {
  readonly Comment?: string;
  readonly Variable?: string;
  readonly And?: readonly DataTest[];
  readonly Or?: readonly DataTest[];
  readonly Not?: DataTest;
}

export interface ParallelState extends StateBase, Continues, Results, Places, Recovers {
  readonly Type: 'Parallel';
  readonly Branches: readonly StateMachine[];
  readonly Arguments?: Json;
  readonly Parameters?: Json;
}

interface PassState extends StateBase, Continues, Results {
  readonly Type: 'Pass';
  readonly Parameters?: Json;
  readonly Result?: Json;
  readonly ResultPath?: string | null;
}

interface SucceedState extends StateBase, Results {
  readonly Type: 'Succeed';
}

export interface FailState extends StateBase {
  readonly Type: 'Fail';
  readonly Error?: string;
  readonly ErrorPath?: string;
  readonly Cause?: string;
  readonly CausePath?: string;
}

/** Exactly one of `Seconds` and `Timestamp` is there; each may be an expression. */
export interface WaitState extends StateBase, Continues, Results {
  readonly Type: 'Wait';
  readonly Seconds?: number | string;
  readonly SecondsPath?: string;
  readonly Timestamp?: string;
  readonly TimestampPath?: string;
}

export interface MapState extends StateBase, Continues, Results, Places, Recovers {
  readonly Type: 'Map';
  readonly Items?: Json;
  readonly ItemsPath?: string;
  readonly ItemSelector?: Json;
  /** The older name of ItemSelector, in JSONPath. */
  readonly Parameters?: Json;
  readonly ItemReader?: ItemReader;
  readonly ItemBatcher?: ItemBatcher;
  readonly ResultWriter?: ResultWriter;
  readonly ItemProcessor?: StateMachine;
  /** The older name of ItemProcessor. */
  readonly Iterator?: StateMachine;
  readonly MaxConcurrency?: number | string;
  readonly MaxConcurrencyPath?: string;
  readonly ToleratedFailureCount?: number | string;
  readonly ToleratedFailureCountPath?: string;
  readonly ToleratedFailurePercentage?: number | string;
  readonly ToleratedFailurePercentagePath?: string;
}

/** From where a Map has its items, instead of from the data of the state. */
export interface ItemReader {
  readonly Resource: string;
  readonly Arguments?: Json;
  readonly Parameters?: Json;
  readonly ReaderConfig?: ReaderConfig;
}

interface ReaderConfig {
  readonly InputType?: 'CSV' | 'JSON' | 'JSONL' | 'MANIFEST';
  readonly MaxItems?: number | string;
  readonly MaxItemsPath?: string;
  readonly CSVHeaderLocation?: 'FIRST_ROW' | 'GIVEN';
  readonly CSVHeaders?: readonly string[];
  readonly CSVDelimiter?: 'COMMA' | 'PIPE' | 'SEMICOLON' | 'SPACE' | 'TAB';
  readonly ItemsPointer?: string;
}

/** Where a Map puts its results; without a Resource it gives them itself, in the form that WriterConfig says. */
export interface ResultWriter {
  readonly Resource?: string;
  readonly Arguments?: Json;
  readonly Parameters?: Json;
  readonly WriterConfig?: {
    readonly Transformation?: 'NONE' | 'COMPACT' | 'FLATTEN';
    readonly OutputType?: 'JSON' | 'JSONL';
  };
}

interface ItemBatcher {
  readonly BatchInput?: Json;
  readonly MaxItemsPerBatch?: number | string;
  readonly MaxItemsPerBatchPath?: string;
  readonly MaxInputBytesPerBatch?: number | string;
  readonly MaxInputBytesPerBatchPath?: string;
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
  readonly ResultPath?: string | null;
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
  return state.Type === 'Map' ? [itemProcessorOf(state)] : [];
}

/** The state machine that a Map runs for each item, and where it stands. */
export function itemProcessorOf(state: MapState): { readonly path: readonly [string]; readonly machine: StateMachine } {
  if (state.ItemProcessor !== undefined) return { path: ['ItemProcessor'], machine: state.ItemProcessor };
  if (state.Iterator !== undefined) return { path: ['Iterator'], machine: state.Iterator };
  throw new Error('a Map without ItemProcessor passed the check of the definition');
}
