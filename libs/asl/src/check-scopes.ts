import { type Assignment, assignmentsOf } from './assignments.js';
import { errorAt, type Finding, pointerTo, warningAt } from './finding.js';
import { innerMachines, type StateMachine } from './machine.js';

/**
 * A variable belongs to the machine whose states assign it. The machines inside read it but may not assign one of its name:
 * what a branch or an item assigned would be gone with it, where the author may think that the outer one has changed.
 * Branches beside each other may use the same name. A catcher of a Parallel or Map stands outside of it: where catchers
 * alone assign the name outside, it mostly has no value there yet while the inner one is assigned, and that is a warning.
 */
export function checkScopes(
  machine: StateMachine,
  report: (finding: Finding) => void,
  pointer = '',
  outer: ReadonlyMap<string, Assignment> = new Map(),
): void {
  const states = Object.entries(machine.States).map(([name, state]) => ({
    state,
    at: pointerTo(pointerTo(pointer, 'States'), name),
  }));
  const visible = new Map(outer);
  for (const assignment of states.flatMap(({ state, at }) => assignmentsOf(state, at))) {
    const { name, at } = assignment;
    const elsewhere = outer.get(name);
    if (elsewhere === undefined) {
      const known = visible.get(name);
      if (known === undefined || known.isCaught) visible.set(name, assignment);
      continue;
    }
    const message = `the variable ${name} is assigned outside of this machine too, at ${elsewhere.at}; an inner scope needs another name`;
    const found = elsewhere.isCaught ? warningAt : errorAt;
    report(found(at, 'variable-scope', message));
  }
  for (const { state, at } of states) {
    for (const inner of innerMachines(state)) {
      checkScopes(inner.machine, report, inner.path.reduce(pointerTo, at), visible);
    }
  }
}
