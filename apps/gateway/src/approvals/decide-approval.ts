import { type ApprovalView, DecideApproval, NewRequestId, type RunAccepted } from '@baton/contracts';
import { refusalOf } from '@baton/workflow';
import { z } from 'zod';
import type { Caller } from '../auth/caller.js';
import { parseBody } from '../http/parse.js';
import { ProblemError } from '../http/problem.js';
import { requestIdOf } from '../once/idempotency-keys.js';
import type { GatewayParts } from '../parts/parts.js';
import { askHub } from '../runs/ask-hub.js';
import { approvalEtag, requireApproval } from './find-approval.js';

const { decision, comment, move, output, workspace } = DecideApproval.shape;

const WITHOUT_WORDS = {
  reject: 'a rejection needs a reason',
  'request-changes': 'what is to be changed must be said',
  answer: 'the answer must be said',
} as const;

/** Body of `POST /v1/approvals/{id}/decision`. Whoever is told no, or asked for more, must learn why. */
export const ApprovalAnswerBody = z
  .strictObject({ requestId: NewRequestId.optional(), decision, comment, move, output, workspace })
  .superRefine(({ decision: answer, comment: why = '', ...work }, context) => {
    if (answer === 'approve' || why.trim() !== '') return;
    // Work that is handed in speaks for itself.
    if (answer === 'answer' && (work.output !== undefined || work.workspace !== undefined)) return;
    const message = WITHOUT_WORDS[answer];
    context.addIssue({ code: 'custom', path: ['comment'], message });
  });

/**
 * Takes a person's answer, as durable as a submission.
 *
 * @param ifMatch the tags of what the person saw; absent, the answer is about whatever the question is
 * @throws ProblemError 404, 409 when it was answered or is gone, 412 when it is about something else, 422
 */
export async function decideApproval(
  parts: GatewayParts,
  approvalId: string,
  rawBody: unknown,
  headers: { readonly ifMatch: string | undefined; readonly key: string | undefined },
): Promise<RunAccepted> {
  const body = parseBody(ApprovalAnswerBody, rawBody);
  const approval = await requireApproval(parts, approvalId);
  const isBound = headers.ifMatch !== undefined && headers.ifMatch.trim() !== '*';
  return askHub(parts, {
    name: 'decide-approval',
    requestId: requestIdOf(headers.key, body.requestId) ?? parts.newId(),
    runId: approval.runId,
    asked: {
      approvalId: approval.approvalId,
      decision: body.decision,
      comment: body.comment,
      move: body.move,
      output: body.output,
      workspace: body.workspace,
      roles: [...parts.caller().roles],
      sha256: isBound ? approval.sha256 : undefined,
    },
    check: () => {
      refuseUnlessOpen(approval);
      refuseUnlessWanted(approval, parts.caller());
      refuseUnlessFitting(approval, body);
      if (body.decision === 'request-changes') refuseWhereNothingChanges(approval);
      if (body.move !== undefined) refuseUnlessOffered(approval, body.move);
      if (isBound) refuseUnlessSeen(approval, headers.ifMatch ?? '');
    },
  });
}

const SAID = {
  approve: 'approved',
  reject: 'rejected',
  'request-changes': 'sent back for changes',
  answer: 'answered',
} as const;

function refuseUnlessOpen({ approvalId, runId, status, settledBy, settledAt, comment: why }: ApprovalView): void {
  if (status === 'open') return;
  if (status === 'gone') {
    throw new ProblemError(`Approval ${approvalId} is asked for no longer, since ${settledAt}: ${why}`, {
      status: 409,
      code: 'approval-gone',
      next: `GET /v1/runs/${runId} shows what became of the run.`,
    });
  }
  const who = settledBy === null ? '' : ` by ${settledBy.type} ${settledBy.id}`;
  throw new ProblemError(`Approval ${approvalId} was ${SAID[status]}${who} at ${settledAt}.`, {
    status: 409,
    code: 'approval-answered',
    next: `An answer stands. GET /v1/approvals/${approvalId} has all of it.`,
  });
}

const STATUS = { 'not-an-approver': 403, 'own-run': 403, 'answered-already': 409 } as const;

/** Whether the policy of the approval wants an answer of this caller; the hub looks again, since others may be quicker. */
function refuseUnlessWanted({ policy, approvals, escalatedAt, ...approval }: ApprovalView, caller: Caller): void {
  if (policy === null) return;
  const stands = { policy, given: approvals, isEscalated: escalatedAt !== null, remindAt: null, escalateAt: null };
  const refusal = refusalOf(stands, approval.submittedBy, { by: caller.actor, roles: caller.roles });
  if (refusal === null) return;
  throw new ProblemError(`The answer does not count: ${refusal.reason}. ${howFar(approvals, approval.missing)}`, {
    status: STATUS[refusal.code],
    code: `approval-${refusal.code}`,
    next: `GET /v1/approvals/${approval.approvalId} has all of it.`,
  });
}

function howFar(approvals: ApprovalView['approvals'], missing: ApprovalView['missing']): string {
  const names = approvals.map(({ by }) => `${by.type} ${by.id}`).join(' and ');
  const so = approvals.length === 0 ? 'Nobody has approved yet' : `Approved by ${names}`;
  const count = missing?.count ?? 0;
  const from = missing?.from == null ? 'anybody else' : missing.from.join(', ');
  return `${so}; ${count} more ${count === 1 ? 'person has' : 'people have'} to, of: ${from}.`;
}

const Asked = z.object({ about: z.enum(['question', 'work', 'other']).catch('other') }).catch({ about: 'other' });

/** What fits each kind of question, and what is said where something else came. */
const FITTING = {
  question: {
    what: 'is the question of a task, and waits for words',
    next: 'Send `answer` with the answer as the comment, or reject it, and the task goes on without one.',
    detail: 'must be answer or reject',
  },
  work: {
    what: 'waits for work that is done by hand',
    next: 'Send `answer` with the work as `output`, as `workspace` or as both, or reject it where nobody will do it.',
    detail: 'must be answer, with an output or a workspace, or reject',
  },
  other: {
    what: 'waits for a decision, and not for words or work',
    next: 'Approve it, or reject it.',
    detail: 'must be another one than answer',
  },
} as const;

/** The question of a task is answered in words, a step that is done by hand with the work, and nothing else is. */
function refuseUnlessFitting(
  { approvalId, arguments: question }: ApprovalView,
  { decision: said, output: result, workspace: files }: z.output<typeof ApprovalAnswerBody>,
): void {
  const { about } = Asked.parse(question);
  const hasWork = result !== undefined || files !== undefined;
  const isAnswer = said === 'answer' && hasWork === (about === 'work');
  if (about === 'other' ? said !== 'answer' && !hasWork : isAnswer || (said === 'reject' && !hasWork)) return;
  const { what, next, detail } = FITTING[about];
  throw new ProblemError(`Approval ${approvalId} ${what}.`, {
    status: 422,
    code: 'no-such-answer',
    next,
    errors: [{ pointer: '/decision', detail }],
  });
}

const DecisionQuestion = z.object({ about: z.literal('decision') });

/** At a decision point there is no work that could be changed: one of the moves is taken, or none. */
function refuseWhereNothingChanges({ approvalId, arguments: question }: ApprovalView): void {
  if (!DecisionQuestion.safeParse(question).success) return;
  throw new ProblemError(`Approval ${approvalId} asks which way to go, and nothing can be changed there.`, {
    status: 422,
    code: 'no-such-answer',
    next: 'Approve, with a move where another than the proposed one is wanted, or reject.',
    errors: [{ pointer: '/decision', detail: 'must be approve or reject' }],
  });
}

/** A question about a decision offers moves, of which the person may choose another than the one it proposes. */
const Offer = z.object({ moves: z.array(z.object({ id: z.string() })) });

function refuseUnlessOffered({ approvalId, arguments: question }: ApprovalView, chosen: string): void {
  const offer = Offer.safeParse(question);
  const ids = offer.success ? offer.data.moves.map(({ id }) => id) : [];
  if (ids.includes(chosen)) return;
  throw new ProblemError(`Approval ${approvalId} does not offer the move ${chosen}.`, {
    status: 422,
    code: 'no-such-move',
    next: ids.length === 0 ? 'Leave move out: this question offers none.' : `Choose one of ${ids.join(', ')}.`,
    errors: [{ pointer: '/move', detail: 'is not one of the moves that the question offers' }],
  });
}

/** Strong comparison, as RFC 9110 §13.1.1 asks of If-Match. */
function refuseUnlessSeen(approval: ApprovalView, ifMatch: string): void {
  const tags = ifMatch.split(',').map((tag) => tag.trim());
  if (tags.includes(approvalEtag(approval))) return;
  throw new ProblemError(`What approval ${approval.approvalId} asks for is not what If-Match names.`, {
    status: 412,
    code: 'approval-changed',
    next: `Read GET /v1/approvals/${approval.approvalId} again, and send its ETag as If-Match.`,
  });
}
