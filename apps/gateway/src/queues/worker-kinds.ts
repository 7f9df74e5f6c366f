import type { Json, WorkerKind } from '@baton/contracts';
import { ITEMS_RESOURCE, type WorkflowDocument, workerKindOf } from '@baton/workflow';

/** Whom the hub asks itself, at decision points; any run may be submitted with a mode in which it does. */
const ADVISOR: WorkerKind = 'advisor';

/** The worker kinds that get tasks: the advisor, and those that Task states of the documents ask for, or Maps that read and write, at any depth; sorted. */
export function workerKindsOf(documents: readonly WorkflowDocument[]): readonly WorkerKind[] {
  const kinds = new Set<WorkerKind>([ADVISOR]);
  for (const { definition } of documents) collect(definition, kinds);
  return [...kinds].sort();
}

function collect(value: Json, kinds: Set<WorkerKind>): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    const resource =
      name === 'ItemReader' || name === 'ResultWriter' ? ITEMS_RESOURCE : name === 'Resource' ? member : null;
    const kind = typeof resource === 'string' ? workerKindOf(resource) : null;
    if (kind === null) collect(member, kinds);
    else kinds.add(kind);
  }
}

/** A Task state that asks a worker. */
interface WorkerTaskState {
  readonly name: string;
  /** JSON pointer into the document. */
  readonly pointer: string;
  readonly kind: WorkerKind;
  readonly state: { readonly [key: string]: Json };
}

/** The Task states that ask a worker, at any depth. */
export const workerTasksOf = ({ definition }: WorkflowDocument): readonly WorkerTaskState[] =>
  tasksWithin(definition, '/definition');

function tasksWithin(value: Json, at: string): readonly WorkerTaskState[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]): readonly WorkerTaskState[] => {
    const pointer = `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const resource = isRecord(member) ? member.Resource : undefined;
    const kind = typeof resource === 'string' ? workerKindOf(resource) : null;
    return kind !== null && isRecord(member) ? [{ name, pointer, kind, state: member }] : tasksWithin(member, pointer);
  });
}

const isRecord = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
