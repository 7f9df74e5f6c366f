import { type ApprovalAnswer, type ApprovalSummary, type ApprovalView, RunAccepted } from '@baton/contracts';
import { type Context, gatewayOf } from '../context.js';
import { ExitCode } from '../exit-codes.js';
import { type Columns, writeLine, writeList, writeOne } from '../output.js';
import { formatFacts, printable } from '../table.js';
import { findApproval, openApprovals } from './find-approval.js';
import { shortApproval, timeOf } from './run-shapes.js';

const columns: Columns<ApprovalSummary> = {
  headings: ['APPROVAL', 'WORKFLOW', 'STATE', 'SINCE', 'DUE', 'TITLE'],
  row: ({ approvalId, workflow, workflowVersion, state, since, dueAt, title }) => [
    shortApproval(approvalId),
    `${workflow}@${workflowVersion}`,
    state,
    timeOf(since),
    dueAt === null ? '-' : timeOf(dueAt),
    title ?? '',
  ],
};

export async function listApprovals(context: Context, { limit }: { readonly limit: number }): Promise<ExitCode> {
  const { approvals, hasMore } = await openApprovals(await gatewayOf(context), context.interrupted, limit);
  writeList(context.io, context.format, approvals, columns, 'Nobody is asked for an approval.');
  if (hasMore && context.format === 'table') {
    writeLine(context.io.err, `There are more: \`baton approval list --limit ${limit * 5}\`.`);
  }
  return ExitCode.ok;
}

function approvalLines(approval: ApprovalView, width: number): readonly string[] {
  const { settledAt, settledBy, comment, dueAt, title, approvals, missing, policy, remindedAt, escalatedAt } = approval;
  const wanted = missing?.from == null ? 'anybody' : missing.from.join(', ');
  const optional: readonly (readonly [string, string])[] = [
    ['title', title ?? ''],
    ['due', dueAt === null ? '' : timeOf(dueAt)],
    ['approved by', approvals.map(({ by }) => `${by.type}:${by.id}`).join(', ')],
    ['missing', missing === null || policy === null ? '' : `${missing.count} of ${wanted}`],
    ['reminded', remindedAt === null ? '' : timeOf(remindedAt)],
    ['escalated', escalatedAt === null ? '' : timeOf(escalatedAt)],
    ['settled', settledAt === null ? '' : timeOf(settledAt)],
    ['by', settledBy === null ? '' : `${settledBy.type}:${settledBy.id}`],
    ['comment', comment ?? ''],
  ];
  const facts = formatFacts(
    [
      ['approval', approval.approvalId],
      ['status', approval.status],
      ['workflow', `${approval.workflow}@${approval.workflowVersion}`],
      ['state', approval.state],
      ['since', timeOf(approval.since)],
      ['sha256', approval.sha256],
      ...optional.filter(([, value]) => value !== ''),
    ],
    width,
  );
  return [...facts, '', ...JSON.stringify(approval.arguments, null, 2).split('\n').map(printable)];
}

export async function showApproval(context: Context, id: string): Promise<ExitCode> {
  const approval = await findApproval(await gatewayOf(context), id, context.interrupted);
  writeOne(context.io, context.format, approval, approvalLines);
  return ExitCode.ok;
}

/** The answer is bound to what is asked: the gateway refuses it when that is something else. */
export async function answerApproval(
  context: Context,
  id: string,
  answer: {
    readonly decision: ApprovalAnswer;
    readonly comment?: string | undefined;
    /** One of the moves that a question about a decision offers. */
    readonly move?: string | undefined;
  },
): Promise<ExitCode> {
  const gateway = await gatewayOf(context);
  const { approvalId, runId, sha256 } = await findApproval(gateway, id, context.interrupted);
  const accepted = await gateway.post({
    path: `/v1/approvals/${approvalId}/decision`,
    schema: RunAccepted,
    // What is undefined is left out of the JSON.
    body: answer,
    headers: { 'if-match': `"${sha256}"` },
    signal: context.interrupted,
  });
  writeOne(context.io, context.format, accepted, () => [approvalId]);
  if (context.format === 'table') writeLine(context.io.err, `The answer is taken: \`baton run watch ${runId}\`.`);
  return ExitCode.ok;
}
