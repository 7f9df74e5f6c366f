import { ApprovalId, type ApprovalView } from '@baton/contracts';
import { findRun, getApproval } from '@baton/read-model';
import { runScopeOf } from '../auth/caller.js';
import { ProblemError } from '../http/problem.js';
import type { Asked } from '../runs/find-run.js';

/** Tags what is to be approved, and not how the question stands: it is what an answer is bound to. */
export const approvalEtag = ({ sha256 }: Pick<ApprovalView, 'sha256'>): string => `"${sha256}"`;

/** @throws ProblemError 404 */
export async function requireApproval(
  { pool, caller }: Pick<Asked, 'pool' | 'caller'>,
  id: string,
): Promise<ApprovalView> {
  const approvalId = ApprovalId.safeParse(id.toLowerCase());
  const approval = approvalId.success ? await getApproval(pool, approvalId.data) : null;
  const scope = runScopeOf(caller());
  const isSeen =
    approval !== null && (scope === null || (await findRun(pool, approval.runId, scope)).status === 'found');
  if (isSeen) return approval;
  throw new ProblemError(`There is no approval ${id.slice(0, 64)}.`, {
    status: 404,
    code: 'approval-not-found',
    next: 'GET /v1/approvals lists the open ones.',
  });
}
