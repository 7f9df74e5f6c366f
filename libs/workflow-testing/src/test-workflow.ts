import { parseTimestamp } from '@baton/asl';
import { BatonError, type Json, type JsonObject } from '@baton/contracts';
import { type ParsedWorkflow, parseWorkflowDocument, type RunEvent, type RunState } from '@baton/workflow';
import { type AnswersInput, parseAnswers, scriptOf } from './answers.js';
import { drive } from './drive.js';
import { reportOf, type StateReport } from './report.js';
import { documentOfState, hasAny, namesInside, noSuchState, statesOf } from './single-state.js';

export interface WorkflowTestOptions {
  /** What the run, or the state under test, is given. `{}` where it is left out. */
  readonly input?: Json;
  /** What states get from outside, by their names. */
  readonly answers?: AnswersInput;
  /** Try this state alone, wherever in the definition it stands. */
  readonly state?: string;
  /** Variables that are set when the state under test is entered. */
  readonly variables?: JsonObject;
  /**
   * What `$states.context`, or `$$`, of the state under test has beyond what it would have anyway, such as
   * `{ Map: { Item: { Index: 0, Value: 'a' } } }` for a state of a Map. Objects are laid over each other.
   */
  readonly context?: JsonObject;
  /** When the run begins, RFC 3339; the clock of a test moves on by waits, retries and answers only. */
  readonly startedAt?: string;
}

export interface WorkflowTestResult {
  /** `waiting`: for answers that the test does not give; `waitingFor` names them. */
  readonly status: 'succeeded' | 'failed' | 'waiting';
  readonly output: Json;
  readonly error: string | null;
  readonly cause: string | null;
  /** Every visit of a state, in the order in which they began. */
  readonly states: readonly StateReport[];
  /** Of a state under test: the one that follows. */
  readonly next: string | null;
  readonly waitingFor: readonly string[];
  /** Answers that nobody asked for. */
  readonly unused: readonly { readonly state: string; readonly answers: number }[];
}

/** A document that cannot be tested since it cannot run. */
export class WorkflowNotValid extends BatonError {
  readonly findings: ParsedWorkflow['findings'];

  constructor(findings: ParsedWorkflow['findings']) {
    const errors = findings.filter(({ severity }) => severity === 'error');
    const shown = errors.slice(0, 5).map(({ pointer, message }) => `${pointer === '' ? '/' : pointer} ${message}`);
    const more = errors.length > shown.length ? `; and ${errors.length - shown.length} more` : '';
    super(`The workflow cannot run: ${shown.join('; ')}${more}.`, {
      code: 'workflow-invalid',
      next: 'Correct the document; `baton workflow validate FILE` shows every finding with its place.',
    });
    this.findings = findings;
  }
}

const STARTED_AT = '2026-01-01T00:00:00.000Z';

/**
 * Runs a workflow document, or one state of it, with the engine that the hub runs and answers from a script: no database,
 * no queues, no workers. Waits and retries take no time. Two calls with the same arguments give the same result, what is
 * random in expressions included.
 *
 * @param json a workflow document, as JSON
 * @throws WorkflowNotValid when the document cannot run
 * @throws BatonError `unknown-state`, `answers-unreadable`, `answer-does-not-fit` or `test-does-not-end` when the test itself
 *   is wrong
 */
export async function testWorkflow(json: unknown, options: WorkflowTestOptions = {}): Promise<WorkflowTestResult> {
  const parsed = parseWorkflowDocument(json);
  if (!parsed.ok) throw new WorkflowNotValid(parsed.findings);
  const { document } = parsed;
  const { input = {}, variables = {}, context, startedAt = STARTED_AT, state: only } = options;
  if (only === undefined && hasAny(variables)) throw variablesAlone();
  if (only === undefined && context !== undefined) throw contextAlone();
  const answers = parseAnswers(options.answers ?? {});
  const names = statesOf(document);
  for (const name of [...Object.keys(answers), ...(only === undefined ? [] : [only])]) {
    if (!names.has(name)) throw noSuchState(document, name);
  }
  const script = scriptOf(answers);
  const tested = only === undefined ? document : documentOfState(document, only, variables);
  const { state, events } = await drive(tested, {
    input: only !== undefined && hasAny(variables) ? { input, variables } : input,
    script,
    context,
    startMs: startOf(startedAt),
    isEnough: only === undefined ? () => false : (events) => isLeft(events, only),
  });
  const states = reportOf(events);
  const unused = script.left();
  if (only === undefined) return { ...outcomeOf(state), states, next: null, waitingFor: waitingIn(state), unused };
  const own = states.find((report) => report.state === only);
  if (own === undefined) throw notBegun(state, only);
  const { output, error, cause, next } = own;
  const status = STATUS_OF[own.status];
  const waitingFor = status === 'waiting' ? waitingIn(state) : [];
  return { status, output, error, cause, states: visitsInside(states, names, only), next, waitingFor, unused };
}

const STATUS_OF = {
  succeeded: 'succeeded',
  caught: 'succeeded',
  failed: 'failed',
  aborted: 'failed',
  waiting: 'waiting',
} as const satisfies Record<StateReport['status'], WorkflowTestResult['status']>;

/** The state under test and what ran inside it. What follows is no part of the test, though its turn may have gone on. */
function visitsInside(
  states: readonly StateReport[],
  names: ReturnType<typeof statesOf>,
  only: string,
): readonly StateReport[] {
  const own = new Set([only, ...namesInside(names, only)]);
  const inside = states.filter(({ state }) => own.has(state));
  const again = inside.findIndex(({ state }, index) => index > 0 && state === only);
  return again < 0 ? inside : inside.slice(0, again);
}

/** Whether the log says that the state was left: by its way on, a catcher, or its failure. */
function isLeft(events: readonly RunEvent[], name: string): boolean {
  const entered = events.find((event) => event.type === 'StateEntered' && event.data.state === name);
  if (entered?.type !== 'StateEntered') return false;
  const { visit } = entered.data;
  return events.some((event) => {
    const ends = event.type === 'StateExited' || event.type === 'ErrorCaught' || event.type === 'StateFailed';
    return ends && event.data.visit === visit;
  });
}

function outcomeOf(state: RunState): Pick<WorkflowTestResult, 'status' | 'output' | 'error' | 'cause'> {
  if (state.status === 'succeeded') return { status: 'succeeded', output: state.output, error: null, cause: null };
  if (state.status === 'failed') return { status: 'failed', output: null, error: state.error, cause: state.cause };
  return { status: 'waiting', output: null, error: null, cause: null };
}

/** The states that wait for something from outside, each once. */
function waitingIn(state: RunState): readonly string[] {
  if (state.status !== 'running') return [];
  const names = [...state.commands.values()].map(({ visit }) => state.visits.get(visit)?.state);
  return [...new Set(names.filter((name) => name !== undefined))];
}

function startOf(startedAt: string): number {
  const startMs = parseTimestamp(startedAt);
  if (startMs !== null) return startMs;
  throw new BatonError(`${startedAt} is no time.`, {
    code: 'time-unreadable',
    next: 'Write it as RFC 3339 has it, such as 2026-01-31T12:00:00Z.',
  });
}

const variablesAlone = () =>
  new BatonError('Variables are for the test of one state: a run sets its own.', {
    code: 'variables-without-state',
    next: 'Name the state, or put the values into the input.',
  });

const contextAlone = () =>
  new BatonError('A context is for the test of one state: a run makes its own.', {
    code: 'context-without-state',
    next: 'Name the state, or leave the context out.',
  });

const notBegun = (state: RunState, name: string) =>
  new BatonError(
    `The state ${name} cannot be tried: ${('cause' in state && state.cause) || 'its run did not begin'}.`,
    {
      code: 'state-not-entered',
      next: 'Look at the variables of the test: their names are those of variables.',
    },
  );
