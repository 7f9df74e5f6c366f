import { innerMachines, pointerTo, type StateMachine } from '@baton/asl';
import type { WorkflowDocument } from '@baton/workflow';
import { lintMachine, readableOf } from '@baton/workflow';

/** A Task that asks for a run of another workflow. */
export interface ChildWorkflow {
  /** `name` or `name@version`. */
  readonly ref: string;
  /** JSON pointer of the Resource in the document. */
  readonly pointer: string;
}

const RESOURCE = /^baton:workflow:(.+)$/s;

/** The workflows that a document asks for, at any depth, in its order. */
export function childWorkflowsOf(document: WorkflowDocument): readonly ChildWorkflow[] {
  const { machine } = readableOf(lintMachine(document));
  return machine === null ? [] : childrenIn(machine, '/definition');
}

function childrenIn(machine: StateMachine, pointer: string): readonly ChildWorkflow[] {
  return Object.entries(machine.States).flatMap(([name, state]) => {
    const at = pointerTo(pointerTo(pointer, 'States'), name);
    const ref = state.Type === 'Task' ? RESOURCE.exec(state.Resource)?.[1] : undefined;
    return [
      ...(ref === undefined ? [] : [{ ref, pointer: pointerTo(at, 'Resource') }]),
      ...innerMachines(state).flatMap((inner) => childrenIn(inner.machine, inner.path.reduce(pointerTo, at))),
    ];
  });
}
