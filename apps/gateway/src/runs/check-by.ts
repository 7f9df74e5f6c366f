import type { DoneBy } from '@baton/contracts';
import { byHandProblems, type WorkflowDocument } from '@baton/workflow';
import { ProblemError } from '../http/problem.js';

/**
 * Refuses steps that nobody can do by hand, or that are not there: a misspelt one would be done by a worker, unasked.
 *
 * @throws ProblemError 422 `not-by-hand`
 */
export function checkBy(document: WorkflowDocument, by: DoneBy | undefined): void {
  const problems = byHandProblems(document, by);
  if (problems.length === 0) return;
  throw new ProblemError(`The workflow ${document.name} has no such steps to be done by hand.`, {
    status: 422,
    code: 'not-by-hand',
    next: 'Name states whose work a worker does, as `baton workflow show` lists them.',
    errors: problems.map(({ state, problem }) => ({ pointer: `/by/${state}`, detail: problem })),
  });
}
