import { listUpTo } from '@baton/client';
import type { AnsweredApproval, ApprovalSummary } from '@baton/contracts';
import { type Context, gatewayOf } from '../context.js';
import { timeOf } from '../durations.js';
import { ExitCode } from '../exit-codes.js';
import { type Columns, writeLine, writeList } from '../output.js';
import type { ApprovalListing } from './find-approval.js';
import { shortApproval } from './run-shapes.js';
import { tellMore } from './tell-more.js';

const ANSWERS = { approve: 'approved', reject: 'rejected', 'request-changes': 'changes', answer: 'answered' } as const;

const who = ({ settledBy, approvedBy }: AnsweredApproval): string =>
  (approvedBy.length === 0 ? [settledBy] : approvedBy).map(({ id }) => id).join(', ');

const columns: Columns<AnsweredApproval> = {
  headings: ['APPROVAL', 'ANSWER', 'BY', 'TIME', 'WORKFLOW', 'STATE', 'COMMENT'],
  row: (approval) => [
    shortApproval(approval.approvalId),
    approval.move === null ? ANSWERS[approval.status] : `${ANSWERS[approval.status]}: ${approval.move}`,
    who(approval),
    timeOf(approval.settledAt),
    `${approval.workflow}@${approval.workflowVersion}`,
    approval.state,
    approval.comment,
  ],
};

const isAnswered = (approval: ApprovalSummary): approval is AnsweredApproval => 'approvedBy' in approval;

const PAGE = 200;

/** What people have answered, newest answer first. */
export async function listAnswers(context: Context, { limit, run, after }: ApprovalListing): Promise<ExitCode> {
  const gateway = await gatewayOf(context);
  const { items: answers, next } = await listUpTo<AnsweredApproval>({
    ask: async (page) => {
      const params = { query: { ...page, status: 'answered' as const, run } };
      const answer = await gateway.get('/v1/approvals', { params, signal: context.interrupted });
      return { items: [...answer.approvals].filter(isAnswered), next: answer.next };
    },
    limit,
    after,
    pageSize: PAGE,
  });
  writeList(context.io, context.format, answers, columns, 'Nobody has answered an approval.');
  const [newest] = answers;
  if (context.format !== 'table' || newest === undefined) return ExitCode.ok;
  tellMore(context, 'approval list --answered', Object.entries({ run, limit }), next);
  writeLine(context.io.err, `See all of one with \`baton approval show ${shortApproval(newest.approvalId)}\`.`);
  return ExitCode.ok;
}
