import { type ParsedDefinition, parseDefinition, type StateMachine } from '@baton/asl';
import { checkResource } from './resource.js';
import type { WorkflowDocument } from './workflow-document.js';

// By document: a run keeps the object it was started or rebuilt with, so its definition is read once.
const machines = new WeakMap<WorkflowDocument, ParsedDefinition>();

export function machineOfDocument(document: WorkflowDocument): ParsedDefinition {
  const known = machines.get(document);
  if (known !== undefined) return known;
  const parsed = parseDefinition(document.definition, { checkResource });
  machines.set(document, parsed);
  return parsed;
}

/** What a definition is checked by, whole or not: never to be run. */
export function readableOf(parsed: ParsedDefinition): {
  readonly machine: StateMachine | null;
  readonly hasHiddenStates: boolean;
} {
  if (parsed.ok) return { machine: parsed.machine, hasHiddenStates: false };
  return parsed.readable ?? { machine: null, hasHiddenStates: true };
}
