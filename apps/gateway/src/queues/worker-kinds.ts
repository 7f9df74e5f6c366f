import type { Json, WorkerKind } from '@baton/contracts';
import { type WorkflowDocument, workerKindOf } from '@baton/workflow';

/** Whom the hub asks itself, at decision points; any run may be submitted with a mode in which it does. */
const ADVISOR: WorkerKind = 'advisor';

/** The worker kinds that get tasks: the advisor, and those that Task states of the documents ask for, at any depth; sorted. */
export function workerKindsOf(documents: readonly WorkflowDocument[]): readonly WorkerKind[] {
  const kinds = new Set<WorkerKind>([ADVISOR]);
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

/** The worker kind of each Task state that asks one, at any depth, by its name. */
export function workerKindsOfStates({ definition }: WorkflowDocument): ReadonlyMap<string, WorkerKind> {
  const kinds = new Map<string, WorkerKind>();
  const walk = (value: Json): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, member] of Object.entries(value)) {
      const resource = isRecord(member) ? member.Resource : undefined;
      const kind = typeof resource === 'string' ? workerKindOf(resource) : null;
      if (kind === null) walk(member);
      else kinds.set(name, kind);
    }
  };
  walk(definition);
  return kinds;
}

const isRecord = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
