import { publishWorkflow } from '@baton/catalog';
import type { WorkflowFinding, WorkflowPublished } from '@baton/contracts';
import { ProblemError } from '../http/problem.js';
import type { GatewayParts } from '../parts/parts.js';
import { assessDocument } from './assess-document.js';
import { toSummary } from './workflow-shapes.js';

/**
 * Publishes a workflow document, for ever.
 *
 * @throws ProblemError 422 with every finding, or 409 when the version has another document, was withdrawn, or is lower than the newest
 */
export async function publishDocument(parts: GatewayParts, json: unknown): Promise<WorkflowPublished> {
  const { pool, catalog, caller } = parts;
  const { workflow, findings } = await assessDocument(parts, json);
  if (workflow === null) throw invalidDocument(findings);
  const publication = await publishWorkflow(pool, catalog, workflow, caller().actor);
  if (publication.status === 'withdrawn') {
    const { name, version } = workflow.document;
    throw new ProblemError(`The workflow ${name}@${version} was withdrawn at ${publication.withdrawnAt}.`, {
      status: 409,
      code: 'workflow-withdrawn',
      next: 'Publish the document under a higher version.',
      errors: [{ pointer: '/version', detail: 'was withdrawn' }],
    });
  }
  if (publication.status === 'taken') {
    const ref = `${workflow.document.name}@${workflow.document.version}`;
    throw new ProblemError(
      `The workflow ${ref} exists with other content: it ${
        publication.origin.source === 'shipped'
          ? 'ships with Baton'
          : `was published at ${publication.origin.publishedAt}`
      }, with the hash ${publication.sha256}.`,
      {
        status: 409,
        code: 'workflow-version-exists',
        next: 'A version never changes: publish the document under a higher one.',
        errors: [{ pointer: '/version', detail: 'is taken' }],
      },
    );
  }
  if (publication.status === 'lower') {
    const { name, version } = workflow.document;
    const { newest } = publication;
    throw new ProblemError(`The version ${version} is lower than ${newest}, the newest of the workflow ${name}.`, {
      status: 409,
      code: 'workflow-version-lower',
      next: `Publish the document under a version above ${newest}, or withdraw what is newer first.`,
      errors: [{ pointer: '/version', detail: `is lower than ${newest}` }],
    });
  }
  return {
    ...toSummary({ ...workflow, origin: publication.origin }),
    status: publication.status,
    findings: [...findings],
  };
}

/** @param what became of it: `was not published` */
export const invalidDocument = (findings: readonly WorkflowFinding[], what = 'was not published'): ProblemError =>
  new ProblemError(`The workflow document has errors and ${what}.`, {
    status: 422,
    code: 'workflow-invalid',
    next: 'Correct what errors[] points at; POST /v1/workflows/validate checks without publishing.',
    errors: findings.map(({ severity, pointer, message }) => ({
      pointer,
      detail: severity === 'error' ? message : `warning: ${message}`,
    })),
  });
