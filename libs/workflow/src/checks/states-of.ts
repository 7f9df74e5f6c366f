import { innerMachines, type State, type StateMachine } from '@baton/asl';
import { lintMachine, readableOf } from '../document/machine-of-document.js';
import type { WorkflowDocument } from '../document/workflow-document.js';

/** Every state of a machine by its name, those of branches and items included: names are unique in a definition. */
export function statesOf(machine: StateMachine): ReadonlyMap<string, State> {
  const inner = Object.values(machine.States).flatMap(innerMachines);
  return new Map([...Object.entries(machine.States), ...inner.flatMap((each) => [...statesOf(each.machine)])]);
}

/** The same of a document; none where its definition cannot be read. */
export function statesOfDocument(document: WorkflowDocument): ReadonlyMap<string, State> {
  const { machine } = readableOf(lintMachine(document));
  return machine === null ? new Map<string, State>() : statesOf(machine);
}
