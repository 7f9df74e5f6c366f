import { ApprovalId, type ApprovalView } from '@baton/contracts';
import { getApproval } from '@baton/read-model';
import type { Pool } from 'pg';
import { ProblemError } from '../http/problem.js';

/** Tags what is to be approved, and not how the question stands: it is what an answer is bound to. */
export const approvalEtag = ({ sha256 }: Pick<ApprovalView, 'sha256'>): string => `"${sha256}"`;

/** @throws ProblemError 404 */
export async function requireApproval(pool: Pool, id: string): Promise<ApprovalView> {
  const approvalId = ApprovalId.safeParse(id.toLowerCase());
  const approval = approvalId.success ? await getApproval(pool, approvalId.data) : null;
  if (approval !== null) return approval;
  throw new ProblemError(`There is no approval ${id.slice(0, 64)}.`, {
    status: 404,
    code: 'approval-not-found',
    next: 'GET /v1/approvals lists the open ones.',
  });
}
