import { WorkerKind } from '@baton/contracts';

const WORKER = 'baton:worker:';

/** The worker kind of a Resource `baton:worker:<kind>`, or null where the Resource is none. */
export const workerKindOf = (resource: string): WorkerKind | null =>
  resource.startsWith(WORKER) ? resource.slice(WORKER.length) : null;

/** What is wrong with the Resource of a Task state, or null. */
export function checkResource(resource: string): string | null {
  const kind = workerKindOf(resource);
  if (kind !== null) {
    return WorkerKind.safeParse(kind).success ? null : 'a worker kind has lower case letters, digits and dashes';
  }
  if (/^baton:(approval|workflow:.+|signal:.+)$/.test(resource)) return 'this resource is not supported yet';
  return 'unknown resource; a worker is named baton:worker:<kind>';
}
