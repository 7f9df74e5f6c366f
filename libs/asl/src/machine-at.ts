import { pointerTo } from './finding.js';
import { innerMachines, type QueryLanguage, type State, type StateMachine } from './machine.js';

/**
 * The state machine at a pointer into a parsed definition: the definition itself for the empty one, or a branch such as
 * `/States/Check/Branches/0`. Null where there is none.
 */
export function machineAt(root: StateMachine, pointer: string): StateMachine | null {
  return machinesOf(root).get(pointer)?.machine ?? null;
}

/**
 * The query language of a state in the machine at a pointer: its own, or else that of its machine, which is its own or else
 * that of the machine around it. A Map or Parallel says for itself alone what language it is in.
 */
export function languageOf(root: StateMachine, pointer: string, state: State): QueryLanguage {
  return state.QueryLanguage ?? machinesOf(root).get(pointer)?.language ?? 'JSONPath';
}

interface PlacedMachine {
  readonly machine: StateMachine;
  readonly language: QueryLanguage;
}

// By definition, because a run asks for the machine of a frame at every step.
const machinesByDefinition = new WeakMap<StateMachine, ReadonlyMap<string, PlacedMachine>>();

function machinesOf(root: StateMachine): ReadonlyMap<string, PlacedMachine> {
  const known = machinesByDefinition.get(root);
  if (known !== undefined) return known;
  const machines = new Map<string, PlacedMachine>();
  collect(root, '', 'JSONPath', machines);
  machinesByDefinition.set(root, machines);
  return machines;
}

function collect(
  machine: StateMachine,
  pointer: string,
  around: QueryLanguage,
  into: Map<string, PlacedMachine>,
): void {
  const language = machine.QueryLanguage ?? around;
  into.set(pointer, { machine, language });
  for (const [name, state] of Object.entries(machine.States)) {
    const below = pointerTo(pointerTo(pointer, 'States'), name);
    for (const inner of innerMachines(state)) {
      collect(inner.machine, inner.path.reduce(pointerTo, below), language, into);
    }
  }
}
