import { assignmentsOf } from './assignments.js';
import { errorAt, type Finding, pointerTo } from './finding.js';
import { innerMachines, type StateMachine } from './machine.js';

/**
 * A variable belongs to the machine whose states assign it. The machines inside read it but may not assign one of its name:
 * what a branch or an item assigned would be gone with it, where the author may think that the outer one has changed.
 * Branches beside each other may use the same name. A catcher of a Parallel or Map stands outside of it.
 */
export function checkScopes(
  machine: StateMachine,
  report: (finding: Finding) => void,
  pointer = '',
  outer: ReadonlyMap<string, string> = new Map(),
): void {
  const states = Object.entries(machine.States).map(([name, state]) => ({
    state,
    at: pointerTo(pointerTo(pointer, 'States'), name),
  }));
  const visible = new Map(outer);
  for (const { name, at } of states.flatMap(({ state, at }) => assignmentsOf(state, at))) {
    const elsewhere = outer.get(name);
    if (elsewhere === undefined) visible.set(name, visible.get(name) ?? at);
    else {
      const message = `the variable ${name} is assigned outside of this machine too, at ${elsewhere}; an inner scope needs another name`;
      report(errorAt(at, 'variable-scope', message));
    }
  }
  for (const { state, at } of states) {
    for (const inner of innerMachines(state)) {
      checkScopes(inner.machine, report, inner.path.reduce(pointerTo, at), visible);
    }
  }
}
