import { SignalName, WorkerKind, WorkflowRef } from '@baton/contracts';

/** What the Resource of a Task state asks for. */
export type Resource =
  | { readonly type: 'worker'; readonly kind: WorkerKind }
  /** A person decides. */
  | { readonly type: 'approval' }
  /** A run of another workflow: `name` or `name@version`. Null: of the one that the Arguments name. */
  | { readonly type: 'workflow'; readonly ref: string | null }
  | { readonly type: 'signal'; readonly name: SignalName }
  /** A version of the workspace becomes the head of a lineage, where that has not moved. */
  | { readonly type: 'lineage' }
  /** A workflow document that was composed for a goal is published, under its hash. */
  | { readonly type: 'publish' };

/** Null where the text is no Resource of Baton, or one with a name that cannot be. */
export function parseResource(text: string): Resource | null {
  const [, type, name = ''] =
    /^baton:(worker|approval|workflow|signal|lineage|publish)(?::([\s\S]*))?$/.exec(text) ?? [];
  switch (type) {
    case 'worker':
      return WorkerKind.safeParse(name).success ? { type, kind: name } : null;
    case 'workflow':
      if (text === 'baton:workflow') return { type, ref: null };
      return WorkflowRef.safeParse(name).success ? { type, ref: name } : null;
    case 'signal':
      return SignalName.safeParse(name).success ? { type, name } : null;
    case 'approval':
      return text === 'baton:approval' ? { type } : null;
    case 'lineage':
      return text === 'baton:lineage' ? { type } : null;
    case 'publish':
      return text === 'baton:publish' ? { type } : null;
    default:
      return null;
  }
}

/** The worker kind of a Resource `baton:worker:<kind>`, or null where the Resource is none. */
export function workerKindOf(text: string): WorkerKind | null {
  const resource = parseResource(text);
  return resource?.type === 'worker' ? resource.kind : null;
}

/** What is wrong with the Resource of a Task state, or null. */
export function checkResource(text: string): string | null {
  if (parseResource(text) !== null) return null;
  if (text.startsWith('baton:worker:')) return 'a worker kind has lower case letters, digits and dashes';
  if (text.startsWith('baton:workflow:')) return 'a child run names its workflow as name or name@version';
  if (text.startsWith('baton:signal:')) return 'a signal has a name of letters, digits, dots and dashes';
  return 'unknown resource; there are baton:worker:<kind>, baton:approval, baton:workflow:<name>, baton:signal:<name>, baton:lineage and baton:publish';
}
