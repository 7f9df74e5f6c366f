import { assignmentsOf } from './assignments.js';
import { checkPathVariables } from './check-path-variables.js';
import { compileExpression, expressionBody, isExpression } from './expression.js';
import { errorAt, type Finding, pointerTo, warningAt } from './finding.js';
import { FUNCTION_NAMES } from './functions.js';
import type { Json } from './json.js';
import { innerMachines, type QueryLanguage, type State, type StateMachine } from './machine.js';

type Report = (finding: Finding) => void;

interface Around {
  readonly pointer: string;
  readonly language: QueryLanguage;
  /** Variables that a machine around this one assigns. */
  readonly variables: ReadonlySet<string>;
}

const OUTERMOST: Around = { pointer: '', language: 'JSONPath', variables: new Set() };

/**
 * Warns of names in JSONata that stand for nothing: a variable that no state assigns, here or around, a function there is
 * none of, a field that `$states` never has, and a name that is looked for in an input that no expression has. An
 * expression may look whether something exists, so these are warnings. `result` and `errorOutput` of `$states` outside of
 * their places are errors, as the service has it.
 */
export function checkNames(machine: StateMachine, report: Report, around: Around = OUTERMOST): void {
  const machineLanguage = machine.QueryLanguage ?? around.language;
  const states = Object.entries(machine.States).map(([name, state]) => ({
    state,
    at: [pointerTo(around.pointer, 'States'), name].reduce(pointerTo),
  }));
  const assigned = states.flatMap(({ state, at }) => assignmentsOf(state, at).map(({ name }) => name));
  const variables = new Set([...around.variables, ...assigned]);
  for (const { state, at } of states) {
    const language = state.QueryLanguage ?? machineLanguage;
    if (language === 'JSONata') checkState(state, at, variables, report);
    else checkPathVariables(state, at, variables, report);
    for (const inner of innerMachines(state)) {
      checkNames(inner.machine, report, {
        pointer: inner.path.reduce(pointerTo, at),
        language: machineLanguage,
        variables,
      });
    }
  }
}

const EVERYWHERE = ['input', 'context'];

function checkState(state: State, at: string, variables: ReadonlySet<string>, report: Report): void {
  const hasResult = state.Type === 'Task' || state.Type === 'Parallel' || state.Type === 'Map';
  for (const [field, value] of Object.entries(state)) {
    const here = pointerTo(at, field);
    if (field === 'Branches' || field === 'ItemProcessor' || field === 'Iterator' || field === 'Comment') continue;
    const isResult = hasResult && (field === 'Output' || field === 'Assign');
    const ofStates = [...EVERYWHERE, ...(isResult ? ['result'] : []), ...(field === 'Catch' ? ['errorOutput'] : [])];
    checkTemplate(value, here, { variables, ofStates, report });
  }
}

interface Place {
  readonly variables: ReadonlySet<string>;
  /** The fields of `$states` that are there. */
  readonly ofStates: readonly string[];
  readonly report: Report;
}

function checkTemplate(template: Json, at: string, place: Place): void {
  if (typeof template === 'string') checkText(template, at, place);
  else if (typeof template === 'object' && template !== null) {
    for (const [key, item] of Object.entries(template)) checkTemplate(item, pointerTo(at, key), place);
  }
}

function checkText(text: string, at: string, { variables, ofStates, report }: Place): void {
  if (!isExpression(text)) return;
  const compiled = compileExpression(expressionBody(text));
  if (!compiled.ok) return;
  const { names, calls, stateFields, ofNoInput } = compiled.expression;
  for (const name of [...ofNoInput].sort()) report(warningAt(at, 'unknown-name', saysOfNoInput(name)));
  if (calls.has('eval')) {
    report(warningAt(at, 'unknown-name', 'the language has no $eval, so that it always fails; $parse reads JSON'));
  }
  for (const name of [...names].sort()) {
    if (name === 'states' || variables.has(name) || FUNCTION_NAMES.has(name)) continue;
    const message = calls.has(name)
      ? `there is no function $${name}`
      : `no state assigns the variable ${name}, here or around: $${name} is undefined`;
    report(warningAt(at, 'unknown-name', message));
  }
  for (const field of [...stateFields].sort()) {
    if (ofStates.includes(field)) continue;
    const place = PLACES[field];
    const message = `$states.${field} is undefined here: ${place ?? WHAT_THERE_IS}`;
    report((place === undefined ? warningAt : errorAt)(at, 'unknown-name', message));
  }
}

function saysOfNoInput(name: string): string {
  const meant = name.startsWith('$') ? '' : `, and a variable is $${name}`;
  return `${name} stands for nothing here: an expression has no input of its own; that of the state is $states.input${meant}`;
}

const PLACES: Readonly<Record<string, string>> = {
  result: 'it is there in Output and Assign of a Task, Parallel or Map',
  errorOutput: 'it is there in Output and Assign of a catcher',
};
const WHAT_THERE_IS = '$states has input, context, result and errorOutput';
