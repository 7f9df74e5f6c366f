import {
  type ApprovalAnswer,
  type ApprovalSummary,
  type ApprovalView,
  didYouMean,
  TreeVersion,
} from '@baton/contracts';
import { z } from 'zod';
import { asCalled } from '../call-name.js';
import { type Context, gatewayOf } from '../context.js';
import { timeOf } from '../durations.js';
import { ExitCode, NotFound, UsageError } from '../exit-codes.js';
import type { Gateway } from '../gateway/gateway.js';
import { type Columns, writeLine, writeList, writeOne } from '../output.js';
import { baseOf } from './approval-base.js';
import { approvalPage, type Beside, filesOf } from './approval-page.js';
import { versionsOf } from './approval-versions.js';
import { type ApprovalListing, findApproval, openApprovals } from './find-approval.js';
import { handedInWork, outputSchemaOf, type Work, type WorkOptions } from './hand-in.js';
import { shortApproval } from './run-shapes.js';
import { tellMore } from './tell-more.js';
import { writeWorkspace } from './workspace/result-folder.js';

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

export async function listApprovals(context: Context, options: ApprovalListing): Promise<ExitCode> {
  const { limit, run } = options;
  const gateway = await gatewayOf(context);
  const { approvals, next } = await openApprovals(gateway, context.interrupted, options);
  writeList(context.io, context.format, approvals, columns, 'Nobody is asked for an approval.');
  tellMore(context, 'approval list', Object.entries({ run, limit }), next);
  return ExitCode.ok;
}

export interface ShowOptions {
  /** One of the files that are to be approved, printed as it is. */
  readonly file?: string;
  /** A folder, for the version that work by hand goes on from. */
  readonly out?: string;
}

export async function showApproval(context: Context, id: string, { file, out }: ShowOptions = {}): Promise<ExitCode> {
  const gateway = await gatewayOf(context);
  const approval = await findApproval(gateway, id, context.interrupted);
  if (file !== undefined) return showFile(context, approval, file);
  if (out !== undefined) return writeFiles(context, approval, out);
  const { io, interrupted } = context;
  const beside = context.format === 'table' ? await besideOf(gateway, approval, interrupted) : NOTHING_BESIDE;
  writeOne(io, context.format, approval, (each, width) =>
    approvalPage(each, beside, width).map((line) => asCalled(line, io.callName)),
  );
  return ExitCode.ok;
}

const NOTHING_BESIDE: Beside = { base: null, versions: null, schema: null };

async function besideOf(gateway: Gateway, approval: ApprovalView, signal: AbortSignal): Promise<Beside> {
  const versions = await versionsOf(gateway, approval, signal);
  return {
    base: await baseOf(gateway, approval, versions, signal),
    versions,
    schema: await outputSchemaOf(gateway, approval, signal),
  };
}

const WithTree = z.object({ about: z.literal('work'), workspace: z.object({ tree: TreeVersion }) });

/** The version that a person is to work on, as a folder. */
async function writeFiles(context: Context, { approvalId, arguments: question }: ApprovalView, out: string) {
  const asked = WithTree.safeParse(question);
  if (!asked.success) {
    throw new NotFound(
      `Approval ${shortApproval(approvalId)} has no workspace to work on.`,
      'What it is about is in `baton approval show` itself.',
    );
  }
  const { tree } = asked.data.workspace;
  const { outDir, files } = await writeWorkspace(context, await gatewayOf(context), { base: tree, tree }, out);
  writeOne(context.io, context.format, { approvalId, outDir, files }, () => files);
  if (context.format === 'table') {
    const id = shortApproval(approvalId);
    writeLine(
      context.io.err,
      `The files are in ${outDir}. Hand them in with \`baton approval answer ${id} --workspace ${out}\`.`,
    );
  }
  return ExitCode.ok;
}

function showFile({ io }: Context, { approvalId, arguments: question }: ApprovalView, path: string): ExitCode {
  const files = filesOf(question);
  const found = files.find((each) => each.path === path);
  if (found === undefined) {
    const paths = files.map((each) => each.path);
    throw new NotFound(
      `Approval ${shortApproval(approvalId)} has no file ${path}.${didYouMean(path, paths)}`,
      paths.length === 0 ? 'It is not about files.' : `It has ${paths.join(', ')}.`,
    );
  }
  io.out.write(found.content);
  return ExitCode.ok;
}

export interface WordsOptions {
  readonly text?: string;
  /** One of the likely answers, by its number from 1. */
  readonly choice?: string;
}

export interface TaskAnswerOptions extends WordsOptions, WorkOptions {}

/** What is said to a task: words to its question, or the work of one that is done by hand. */
export async function answerTask(context: Context, id: string, options: TaskAnswerOptions): Promise<ExitCode> {
  const { text, choice, work, workspace, comment } = options;
  const isWork = work !== undefined || workspace !== undefined;
  if (isWork && (text !== undefined || choice !== undefined)) {
    throw new UsageError(
      'Words and work exclude each other.',
      'Give --text or --choice to a question, --work or --workspace to a step that is done by hand.',
    );
  }
  if (isWork) return answerApproval(context, id, await handedInWork(context, options));
  if (comment !== undefined) throw new UsageError('--comment goes with --work or --workspace.', 'Say it with --text.');
  return answerQuestion(context, id, options);
}

/** What is said to the question of a task. */
async function answerQuestion(context: Context, id: string, { text, choice }: WordsOptions): Promise<ExitCode> {
  if ((text === undefined) === (choice === undefined)) {
    throw new UsageError(
      'An answer is said with --text, or chosen with --choice; work is given with --work or --workspace.',
      'Give one of them.',
    );
  }
  if (text !== undefined) return answerApproval(context, id, { decision: 'answer', comment: text });
  const gateway = await gatewayOf(context);
  const { approvalId, arguments: question } = await findApproval(gateway, id, context.interrupted);
  const { choices } = Choices.parse(question);
  const chosen = choices[Number(choice) - 1];
  if (chosen === undefined) {
    throw new UsageError(
      `Approval ${shortApproval(approvalId)} has no answer ${choice} to choose.`,
      choices.length === 0
        ? 'It offers none: say the answer with --text.'
        : `It has 1 to ${choices.length}: \`baton approval show ${shortApproval(approvalId)}\`.`,
    );
  }
  return answerApproval(context, id, { decision: 'answer', comment: chosen });
}

const Choices = z.object({ choices: z.array(z.string()).default([]) }).catch({ choices: [] });

/** The answer is bound to what is asked: the gateway refuses it when that is something else. */
export async function answerApproval(
  context: Context,
  id: string,
  answer: {
    readonly decision: ApprovalAnswer;
    readonly comment?: string | undefined;
    /** One of the moves that a question about a decision offers. */
    readonly move?: string | undefined;
  } & Omit<Partial<Work>, 'decision'>,
): Promise<ExitCode> {
  const gateway = await gatewayOf(context);
  const { approvalId, runId, sha256 } = await findApproval(gateway, id, context.interrupted);
  const accepted = await gateway.post('/v1/approvals/{id}/decision', {
    params: { path: { id: approvalId }, header: { 'If-Match': `"${sha256}"` } },
    body: answer,
    signal: context.interrupted,
  });
  writeOne(context.io, context.format, accepted, () => [approvalId]);
  if (context.format === 'table') writeLine(context.io.err, `The answer is taken: \`baton run watch ${runId}\`.`);
  return ExitCode.ok;
}
