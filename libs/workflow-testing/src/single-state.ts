import { innerMachines, type QueryLanguage, type State, type StateMachine, successorsOf } from '@baton/asl';
import { BatonError, type JsonObject } from '@baton/contracts';
import { machineOfDocument, type WorkflowDocument } from '@baton/workflow';

interface Placed {
  readonly state: State;
  /** The query language of the machine that it stands in. */
  readonly language: QueryLanguage;
}

/** Every state of a document by its name, those of branches and items included: a name is used once in a definition. */
export function statesOf(document: WorkflowDocument): ReadonlyMap<string, Placed> {
  const machine = machineOfDocument(document);
  return new Map(machine === null ? [] : placedIn(machine, 'JSONPath'));
}

function placedIn(machine: StateMachine, around: QueryLanguage): readonly (readonly [string, Placed])[] {
  const language = machine.QueryLanguage ?? around;
  return Object.entries(machine.States).flatMap(([name, state]) => [
    [name, { state, language }] as const,
    ...innerMachines(state).flatMap((inner) => placedIn(inner.machine, language)),
  ]);
}

/** The names of the states in the machines inside a state. */
export function namesInside(states: ReadonlyMap<string, Placed>, name: string): readonly string[] {
  const placed = states.get(name);
  return placed === undefined
    ? []
    : innerMachines(placed.state).flatMap(({ machine }) => placedIn(machine, placed.language).map(([inner]) => inner));
}

/** The state that sets the variables of a test: no state of a definition that can be tested has such a name. */
const VARIABLES = '(the variables of the test)';

/**
 * A document of one state of another, with all that leads away from it, so that it can be tried alone. Its variables are
 * set by a state before it, from the input of the run.
 */
export function documentOfState(document: WorkflowDocument, name: string, variables: JsonObject): WorkflowDocument {
  const placed = statesOf(document).get(name);
  if (placed === undefined) throw noSuchState(document, name);
  const { state, language } = placed;
  const after = successorsOf(state).filter((next) => next !== name);
  const States: Record<string, unknown> = {
    ...Object.fromEntries(after.map((next) => [next, { Type: 'Succeed' }])),
    [name]: state,
    ...(hasAny(variables) ? { [VARIABLES]: setting(variables, name) } : {}),
  };
  const definition: JsonObject = JSON.parse(
    JSON.stringify({ QueryLanguage: language, StartAt: hasAny(variables) ? VARIABLES : name, States }),
  );
  const { phases: _phases, decisions, ...rest } = document;
  const at = decisions?.at.filter((point) => point.state === name) ?? [];
  return { ...rest, ...(decisions === undefined ? {} : { decisions: { ...decisions, at } }), definition };
}

export const hasAny = (variables: JsonObject): boolean => Object.keys(variables).length > 0;

const setting = (variables: JsonObject, next: string) => ({
  Type: 'Pass',
  QueryLanguage: 'JSONata',
  Assign: Object.fromEntries(Object.keys(variables).map((name) => [name, `{% $states.input.variables.${name} %}`])),
  Output: '{% $states.input.input %}',
  Next: next,
});

export function noSuchState(document: WorkflowDocument, name: string): BatonError {
  const names = [...statesOf(document).keys()];
  return new BatonError(`The workflow ${document.name} has no state ${name}.`, {
    code: 'unknown-state',
    next: `Its states: ${names.slice(0, 30).join(', ')}${names.length > 30 ? ' …' : ''}.`,
  });
}
