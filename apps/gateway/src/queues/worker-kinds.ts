import type { Json, WorkerKind } from '@baton/contracts';
import { type WorkflowDocument, workerKindOf } from '@baton/workflow';

/** The worker kinds that Task states of the documents ask for, at any depth, sorted. */
export function workerKindsOf(documents: readonly WorkflowDocument[]): readonly WorkerKind[] {
  const kinds = new Set<WorkerKind>();
  for (const { definition } of documents) collect(definition, kinds);
  return [...kinds].sort();
}

function collect(value: Json, kinds: Set<WorkerKind>): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    const kind = name === 'Resource' && typeof member === 'string' ? workerKindOf(member) : null;
    if (kind === null) collect(member, kinds);
    else kinds.add(kind);
  }
}
