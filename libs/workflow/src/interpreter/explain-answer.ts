import type { Actor } from '@baton/contracts';
import { refusalOf } from '../approvals/approval.js';
import type { RunOrder } from '../orders.js';
import type { RunState } from '../state/run-state.js';
import { misfitOf } from './answer-to-question.js';

/**
 * Why an answer to an approval has no effect on a run as it is now: a stable code and a sentence; null where it would
 * have one.
 */
export function explainAnswer(
  state: RunState,
  {
    approvalId,
    sha256,
    decision,
    comment,
    move,
    output,
    workspace,
    roles = [],
  }: Extract<RunOrder, { type: 'DecideApproval' }>,
  by: Actor,
): { readonly code: string; readonly reason: string } | null {
  const open = state.status === 'new' ? undefined : state.commands.get(approvalId);
  if (state.status === 'new' || open === undefined || open.resource !== 'baton:approval') {
    const reason = `Approval ${approvalId} is not open: it was answered, or nobody asks for it any more.`;
    return { code: 'approval-not-open', reason };
  }
  if (sha256 !== undefined && sha256 !== open.sha256) {
    return {
      code: 'approval-changed',
      reason: `What approval ${approvalId} asks for is not what the answer is about.`,
    };
  }
  const misfit = misfitOf(state.visits.get(open.visit), { decision, move, comment, output, workspace });
  const refusal = misfit ?? refusalOf(open.approval, state.submittedBy, { by, roles });
  return (
    refusal && { code: refusal.code, reason: `The answer to approval ${approvalId} does not count: ${refusal.reason}.` }
  );
}
