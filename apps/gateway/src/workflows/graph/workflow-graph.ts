import { type ChoiceRule, innerMachines, type State, type StateMachine, type StateType } from '@baton/asl';
import type { WorkflowDocument } from '@baton/workflow';
import { lintMachine } from '@baton/workflow';
import { describeRule } from './describe-rule.js';

/** A definition as it is drawn: one machine, with those of Parallel and Map states inside their state. */
export interface GraphMachine {
  /** `m0` for the definition, then `m1` and so on, in the order of the document. */
  readonly id: string;
  /** How it stands in its state: `branch 1`, or `each item`. Empty for the definition. */
  readonly title: string;
  /** The id of the state it begins with. */
  readonly start: string;
  readonly states: readonly GraphState[];
}

export interface GraphState {
  /** `s1`, `s2` and so on: a name may hold anything, and mean something to whoever draws it. */
  readonly id: string;
  readonly name: string;
  readonly type: StateType;
  /** What a Task asks for, such as `worker planner`. */
  readonly asksFor: string | null;
  readonly step: { readonly number: number; readonly title: string } | null;
  readonly phase: string | null;
  readonly isEnd: boolean;
  readonly transitions: readonly GraphTransition[];
  readonly machines: readonly GraphMachine[];
}

export interface GraphTransition {
  readonly kind: 'next' | 'rule' | 'default' | 'catch';
  /** The condition of a rule, or the errors that are caught. Empty for `next` and `default`. */
  readonly when: string;
  /** The id of a state of the same machine. */
  readonly to: string;
}

interface Drawing {
  readonly steps: WorkflowDocument['steps'];
  readonly phaseOf: ReadonlyMap<string, string>;
  states: number;
  machines: number;
}

/**
 * The graph of a workflow document that `parseWorkflowDocument` took.
 *
 * @throws Error for any other document
 */
export function graphOf(document: WorkflowDocument): GraphMachine {
  const parsed = lintMachine(document);
  if (!parsed.ok) throw new Error(`the definition of ${document.name}@${document.version} has errors`);
  const phaseOf = new Map(
    document.phases?.flatMap(({ name, states }) => states.map((state) => [state, name] as const)),
  );
  return machineGraph(parsed.machine, '', { steps: document.steps, phaseOf, states: 0, machines: 0 });
}

function machineGraph(machine: StateMachine, title: string, drawing: Drawing): GraphMachine {
  const id = `m${drawing.machines++}`;
  const ids = new Map(Object.keys(machine.States).map((name) => [name, `s${++drawing.states}`]));
  const idOf = (name: string): string => {
    const found = ids.get(name);
    if (found === undefined) throw new Error(`no state ${name}, which the check of the definition should have found`);
    return found;
  };
  const states = Object.entries(machine.States).map(([name, state]) => ({
    id: idOf(name),
    name,
    type: state.Type,
    asksFor: state.Type === 'Task' ? asksFor(state.Resource) : null,
    step: stepOf(drawing, name),
    phase: drawing.phaseOf.get(name) ?? null,
    isEnd: state.Type === 'Succeed' || state.Type === 'Fail' || ('End' in state && state.End === true),
    transitions: transitionsOf(state).map(({ to, ...rest }) => ({ ...rest, to: idOf(to) })),
    machines: innerMachines(state).map((inner) => machineGraph(inner.machine, titleOf(inner.path), drawing)),
  }));
  return { id, title, start: idOf(machine.StartAt), states };
}

const titleOf = ([field, index]: readonly (string | number)[]): string =>
  field === 'Branches' ? `branch ${Number(index) + 1}` : 'each item';

function stepOf({ steps }: Drawing, name: string): GraphState['step'] {
  const step = Object.hasOwn(steps ?? {}, name) ? steps?.[name] : undefined;
  return step === undefined ? null : { number: step.number, title: step.title };
}

/** `baton:worker:planner` as `worker planner`. */
const asksFor = (resource: string): string => resource.replace(/^baton:(\w+):?/, '$1 ').trim();

/** In the order in which they are tried; `to` is a name. */
function transitionsOf(state: State): readonly GraphTransition[] {
  const transitions: GraphTransition[] = [];
  if (state.Type === 'Choice') {
    transitions.push(
      ...state.Choices.map((rule: ChoiceRule) => ({ kind: 'rule', when: describeRule(rule), to: rule.Next }) as const),
    );
    if (state.Default !== undefined) transitions.push({ kind: 'default', when: '', to: state.Default });
  } else if ('Next' in state && state.Next !== undefined) {
    transitions.push({ kind: 'next', when: '', to: state.Next });
  }
  const catchers = 'Catch' in state ? (state.Catch ?? []) : [];
  transitions.push(
    ...catchers.map(({ ErrorEquals, Next }) => ({ kind: 'catch', when: ErrorEquals.join(', '), to: Next }) as const),
  );
  return transitions;
}
