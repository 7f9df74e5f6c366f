import { ApprovalPage, ApprovalView, RunAccepted } from '@baton/contracts';
import { ApprovalAnswerBody } from '../../approvals/decide-approval.js';
import { ApprovalListQuery, ApprovalQuery } from '../../http/queries.js';
import type { Operations } from '../operation.js';

export const approvalOperations: Operations = {
  'GET /v1/approvals': {
    id: 'listApprovals',
    tag: 'approvals',
    summary: 'List open questions, or those that were answered',
    query: ApprovalListQuery,
    answers: { 200: { description: 'A page of approvals.', schema: ApprovalPage, headers: ['Link'] } },
    refusals: [404, 409],
  },
  'GET /v1/approvals/:id': {
    id: 'getApproval',
    tag: 'approvals',
    summary: 'A question with all that belongs to it',
    query: ApprovalQuery,
    answers: {
      200: {
        description: 'The approval. Its ETag is what an answer is bound to.',
        schema: ApprovalView,
        headers: ['ETag'],
      },
    },
    refusals: [404],
  },
  'POST /v1/approvals/:id/decision': {
    id: 'decideApproval',
    tag: 'approvals',
    summary: 'Answer a question',
    description:
      'With If-Match the answer counts only for what that ETag names: 412 where something else is asked by now.',
    headers: ['If-Match', 'Idempotency-Key'],
    body: ApprovalAnswerBody,
    answers: { 202: { description: 'The answer is stored.', schema: RunAccepted, headers: ['Location'] } },
    refusals: [404, 409, 412, 422],
  },
};
