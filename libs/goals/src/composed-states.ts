import type { Json, JsonObject } from '@baton/asl';
import type { ComposedStep } from '@baton/contracts';
import { argumentsOf, conditionOf, itemsOf, type Local, localName } from './step-arguments.js';
import type { Unit } from './step-units.js';

/*
 * Units as states. What a step gave is a variable of its name; a unit of several is one, too: an object of the results of those
 * that were done side by side, and the result of the way that was gone.
 */

const WORKER_SECONDS = 3_600;
const CHILD_SECONDS = 86_400;
/** Of one list at the same time, so that one run does not take every worker to itself. */
const ITEMS_AT_ONCE = 5;

const RETRY: Json = [
  {
    ErrorEquals: ['Baton.ModelUnavailable', 'Baton.ChildNotStarted', 'Baton.WorkerCrashed'],
    IntervalSeconds: 2,
    BackoffRate: 2,
    MaxDelaySeconds: 60,
    MaxAttempts: 5,
    JitterStrategy: 'FULL',
  },
  { ErrorEquals: ['Baton.InvalidOutput'], IntervalSeconds: 1, MaxAttempts: 1 },
];

interface ComposedStates {
  /** The state that is entered first. */
  readonly first: string;
  readonly states: JsonObject;
  /** The variable of what the last unit gave; null where there is none. */
  readonly result: string | null;
}

/** @param end the state that comes after all of them */
export function statesOf(units: readonly Unit[], end: string): ComposedStates {
  const made = units.map((unit, at) => {
    const next = units[at + 1];
    return statesOfUnit(unit, next === undefined ? end : nameOfUnit(next));
  });
  const [first] = units;
  const last = units.at(-1);
  return {
    first: first === undefined ? end : nameOfUnit(first),
    states: Object.assign({}, ...made),
    result: last === undefined ? null : nameOfUnit(last),
  };
}

/** The variables of choices, none of whose ways may be gone. */
export const nullNames = (units: readonly Unit[]): readonly string[] =>
  units.flatMap((unit) =>
    unit.type === 'choice' && unit.ways.every(({ when }) => when.is !== 'otherwise') ? [unit.name] : [],
  );

/** The state within a Map that does what is done for each. */
export const nameOfEach = (step: Pick<ComposedStep, 'name'>): string => `Each${step.name}`;

const nameOfUnit = (unit: Unit): string => (unit.type === 'step' ? unit.step.name : unit.name);

function statesOfUnit(unit: Unit, next: string): JsonObject {
  switch (unit.type) {
    case 'step':
      return { [unit.step.name]: { ...stateOf(unit.step), ...assigned([unit.step.name]), Next: next } };
    case 'beside':
      return { [unit.name]: { ...besideOf(unit), Next: next } };
    default:
      return choiceOf(unit, next);
  }
}

/** What a step does, without what becomes of it. */
function stateOf(step: ComposedStep, local: Local = new Set()): JsonObject {
  const { use, arguments: args, each } = step;
  const task: JsonObject = {
    Type: 'Task',
    Resource: `baton:${use}`,
    Arguments: argumentsOf(args, local),
    TimeoutSeconds: use.startsWith('workflow:') ? CHILD_SECONDS : WORKER_SECONDS,
    Retry: RETRY,
  };
  if (each === undefined) return task;
  const name = nameOfEach(step);
  return {
    Type: 'Map',
    Items: itemsOf(each, local),
    MaxConcurrency: ITEMS_AT_ONCE,
    ItemProcessor: { StartAt: name, States: { [name]: { ...task, End: true } } },
  };
}

const assigned = (names: readonly string[]): JsonObject => ({
  Assign: Object.fromEntries(names.map((name) => [name, '{% $states.result %}'])),
  Output: {},
});

/** Each branch gives an object with the results of its steps; variables of a branch end with it. */
function besideOf({ name, branches }: Extract<Unit, { readonly type: 'beside' }>): JsonObject {
  const results = branches.flatMap((branch, at) =>
    branch.map((step) => [step.name, `{% $states.result[${at}].${step.name} %}`] as const),
  );
  return {
    Type: 'Parallel',
    Branches: branches.map((branch) => ({
      StartAt: branch[0]?.name ?? '',
      States: Object.fromEntries(branch.map((step, at) => [step.name, stateInBranch(step, branch, at)])),
    })),
    Assign: { ...Object.fromEntries(results), [name]: '{% $merge($states.result) %}' },
    Output: {},
  };
}

function stateInBranch(step: ComposedStep, branch: readonly ComposedStep[], at: number): JsonObject {
  const earlier = branch.slice(0, at).map(({ name }) => name);
  const state = stateOf(step, new Set(earlier));
  const next = branch[at + 1];
  if (next !== undefined) return { ...state, ...assigned([localName(step.name)]), Next: next.name };
  const results = earlier.map((name) => [name, `{% $${localName(name)} %}`] as const);
  return { ...state, Output: Object.fromEntries([...results, [step.name, '{% $states.result %}']]), End: true };
}

function choiceOf({ name, ways }: Extract<Unit, { readonly type: 'choice' }>, next: string): JsonObject {
  const firstOf = (steps: readonly ComposedStep[]): string => steps[0]?.name ?? next;
  const otherwise = ways.find(({ when }) => when.is === 'otherwise');
  const states = ways.flatMap(({ steps }) =>
    steps.map((step, at) => {
      const after = steps[at + 1];
      const names = after === undefined ? [step.name, name] : [step.name];
      return [step.name, { ...stateOf(step), ...assigned(names), Next: after?.name ?? next }] as const;
    }),
  );
  return {
    [name]: {
      Type: 'Choice',
      Choices: ways
        .filter(({ when }) => when.is !== 'otherwise')
        .map(({ when, steps }) => ({ Condition: conditionOf(when), Next: firstOf(steps) })),
      Default: otherwise === undefined ? next : firstOf(otherwise.steps),
    },
    ...Object.fromEntries(states),
  };
}
