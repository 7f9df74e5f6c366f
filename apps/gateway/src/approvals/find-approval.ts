import { ApprovalId, type ApprovalView } from '@baton/contracts';
import { archivedAmong } from '@baton/event-store';
import { findRun, getApproval } from '@baton/read-model';
import { runScopeOf } from '../auth/caller.js';
import { ProblemError } from '../http/problem.js';
import { type Asked, requireRunId } from '../runs/find-run.js';

/** Tags what is to be approved, and not how the question stands: it is what an answer is bound to. */
export const approvalEtag = ({ sha256 }: Pick<ApprovalView, 'sha256'>): string => `"${sha256}"`;

const RUN_ID_CHARACTERS = 36;

/** The id of an approval begins with that of its run, which may be in an archive: then it is brought back. */
async function findApproval(asked: Asked, id: string): Promise<ApprovalView | null> {
  const found = await getApproval(asked.pool, id);
  if (found !== null) return found;
  const runId = id.slice(0, RUN_ID_CHARACTERS);
  if ((await archivedAmong(asked.pool, [runId])).length === 0) return null;
  const isTheirs = await requireRunId(asked, runId).catch((thrown: unknown) => {
    if (thrown instanceof ProblemError && thrown.status === 404) return null;
    throw thrown;
  });
  return isTheirs === null ? null : getApproval(asked.pool, id);
}

/** @throws ProblemError 404 */
export async function requireApproval(asked: Asked, id: string): Promise<ApprovalView> {
  const { pool, caller } = asked;
  const approvalId = ApprovalId.safeParse(id.toLowerCase());
  const approval = approvalId.success ? await findApproval(asked, approvalId.data) : null;
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
