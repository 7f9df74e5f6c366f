import { type ApprovalView, DecideApproval, type RunAccepted } from '@baton/contracts';
import { z } from 'zod';
import { parseBody } from '../http/parse.js';
import { ProblemError } from '../http/problem.js';
import type { GatewayParts } from '../parts.js';
import { askHub } from '../runs/ask-hub.js';
import { HttpRequestId, requestIdOf } from '../runs/requests.js';
import { approvalEtag, requireApproval } from './find-approval.js';

const { decision, comment, move } = DecideApproval.shape;

/** Whoever is told no, or asked for more, must learn why. */
const Body = z
  .strictObject({ requestId: HttpRequestId.optional(), decision, comment, move })
  .superRefine(({ decision: answer, comment: why = '' }, context) => {
    if (answer === 'approve' || why.trim() !== '') return;
    const message = answer === 'reject' ? 'a rejection needs a reason' : 'what is to be changed must be said';
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
  const body = parseBody(Body, rawBody);
  const approval = await requireApproval(parts.pool, approvalId);
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
      sha256: isBound ? approval.sha256 : undefined,
    },
    check: () => {
      refuseUnlessOpen(approval);
      if (body.move !== undefined) refuseUnlessOffered(approval, body.move);
      if (isBound) refuseUnlessSeen(approval, headers.ifMatch ?? '');
    },
  });
}

const SAID = { approve: 'approved', reject: 'rejected', 'request-changes': 'sent back for changes' } as const;

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
