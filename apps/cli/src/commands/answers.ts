import { type AnsweredApproval, AnsweredApprovalList } from '@baton/contracts';
import { type Context, gatewayOf } from '../context.js';
import { ExitCode } from '../exit-codes.js';
import { type Columns, writeLine, writeList } from '../output.js';
import type { ListOptions } from './approval.js';
import { shortApproval, timeOf } from './run-shapes.js';

const ANSWERS = { approve: 'approved', reject: 'rejected', 'request-changes': 'changes' } as const;

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

const PAGE = 200;

/** What people have answered, newest answer first. */
export async function listAnswers(context: Context, { limit, run }: ListOptions): Promise<ExitCode> {
  const gateway = await gatewayOf(context);
  const answers: AnsweredApproval[] = [];
  let cursor: string | null = null;
  do {
    const query = new URLSearchParams({ status: 'answered', limit: String(Math.min(PAGE, limit - answers.length)) });
    if (run !== undefined) query.set('run', run);
    if (cursor !== null) query.set('cursor', cursor);
    const page: AnsweredApprovalList = await gateway.get({
      path: `/v1/approvals?${query}`,
      schema: AnsweredApprovalList,
      signal: context.interrupted,
    });
    answers.push(...page.approvals);
    cursor = page.next;
  } while (cursor !== null && answers.length < limit);
  writeList(context.io, context.format, answers, columns, 'Nobody has answered an approval.');
  const [newest] = answers;
  if (context.format !== 'table' || newest === undefined) return ExitCode.ok;
  if (cursor !== null) {
    const words = run === undefined ? '' : ` --run ${run}`;
    writeLine(context.io.err, `There are more: \`baton approval list --answered${words} --limit ${limit * 5}\`.`);
  }
  writeLine(context.io.err, `See all of one with \`baton approval show ${shortApproval(newest.approvalId)}\`.`);
  return ExitCode.ok;
}
