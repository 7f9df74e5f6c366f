import { type ParsedDefinition, parseDefinition } from '@baton/asl';
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
