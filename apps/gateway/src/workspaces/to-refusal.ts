import { BatonError } from '@baton/contracts';
import { ProblemError } from '../http/problem.js';

const STATUS: Readonly<Record<string, number>> = {
  'workspace-too-large': 413,
  'workspace-not-found': 404,
  'archive-refused': 422,
  'archive-broken': 422,
  'tree-invalid': 422,
};

/** What is wrong with a workspace, as a refusal of the request; anything else goes on as it is. */
export function toRefusal(thrown: unknown): never {
  const status = thrown instanceof BatonError ? STATUS[thrown.code] : undefined;
  if (!(thrown instanceof BatonError) || status === undefined) throw thrown;
  throw new ProblemError(thrown.message, {
    status,
    code: thrown.code,
    next: thrown.next ?? 'Correct what is named.',
    cause: thrown,
  });
}
