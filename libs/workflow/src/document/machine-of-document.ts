import { type ParsedDefinition, parseDefinition, readDefinition, type StateMachine } from '@baton/asl';
import { checkItemResource } from './item-resource.js';
import { checkResource } from './resource.js';
import type { WorkflowDocument } from './workflow-document.js';

// By document: of those that runs name by their hash there is one object in the process, so each is read once.
const machines = new WeakMap<WorkflowDocument, { readonly machine: StateMachine | null }>();

/** What a run goes by; null where the definition cannot be run. Says nothing about it: that is `lintMachine`. */
export function machineOfDocument(document: WorkflowDocument): StateMachine | null {
  const known = machines.get(document);
  if (known !== undefined) return known.machine;
  const machine = readDefinition(document.definition, { checkResource, checkItemResource });
  machines.set(document, { machine });
  return machine;
}

const linted = new WeakMap<WorkflowDocument, ParsedDefinition>();

/** All that can be said of a definition before it runs: for those who write, publish or draw it. No run needs it. */
export function lintMachine(document: WorkflowDocument): ParsedDefinition {
  const known = linted.get(document);
  if (known !== undefined) return known;
  const parsed = parseDefinition(document.definition, { checkResource, checkItemResource });
  linted.set(document, parsed);
  return parsed;
}

// What a catalog has found good need not be found so again in front of each run.
const checked = new WeakSet<WorkflowDocument>();

/** Notes that a document has been checked and that nothing is wrong with it: wherever that was, in another thread too. */
export const noteChecked = (document: WorkflowDocument): void => void checked.add(document);

export const isChecked = (document: WorkflowDocument): boolean => checked.has(document);

/** What a definition is checked by, whole or not: never to be run. */
export function readableOf(parsed: ParsedDefinition): {
  readonly machine: StateMachine | null;
  readonly hasHiddenStates: boolean;
} {
  if (parsed.ok) return { machine: parsed.machine, hasHiddenStates: false };
  return parsed.readable ?? { machine: null, hasHiddenStates: true };
}
