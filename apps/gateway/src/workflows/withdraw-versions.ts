import { withdrawWorkflow } from '@baton/catalog';
import { WorkflowRef, type WorkflowWithdrawn } from '@baton/contracts';
import { ProblemError } from '../http/problem.js';
import type { GatewayParts } from '../parts/parts.js';

/**
 * Withdraws a published version, or all versions of a name: kept for their runs, offered to nobody.
 *
 * @throws ProblemError 404 where nothing of the name was published, 409 where it ships as a file
 */
export async function withdrawVersions(
  { pool, catalog, caller }: GatewayParts,
  ref: string,
): Promise<WorkflowWithdrawn> {
  const [name = '', version] = WorkflowRef.safeParse(ref).success ? ref.split('@') : [];
  const versions = name === '' ? [] : await withdrawWorkflow(pool, { name, version }, caller().actor);
  if (versions.length > 0) return { name, versions: [...versions] };
  const shipped = name === '' ? undefined : await catalog.find(ref);
  if (shipped !== undefined) {
    throw new ProblemError(`The workflow ${ref} ships as a file and was not published.`, {
      status: 409,
      code: 'workflow-shipped',
      next: 'Remove its file from the folder of workflow documents and start the services again.',
    });
  }
  throw new ProblemError(`No workflow ${ref.slice(0, 200)} was published.`, {
    status: 404,
    code: 'workflow-not-found',
    next: 'GET /v1/workflows lists the workflows there are.',
  });
}
