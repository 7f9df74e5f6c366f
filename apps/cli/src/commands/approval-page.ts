import {
  type ApprovalView,
  type AskedPanel,
  type AskedReview,
  askedIn,
  isJsonObject,
  type Json,
  type JsonObject,
} from '@baton/contracts';
import { z } from 'zod';
import { type DeliverableFile, deliverableOf } from '../deliverable.js';
import { timeOf } from '../durations.js';
import { ToolReport } from '../progress/facts.js';
import { formatScores, formatTools } from '../progress/lines.js';
import { formatFacts, formatTable, printable } from '../table.js';
import { answerLines } from './approval-answers.js';
import { heading, indented, listOf, type Section, yamlLines } from './approval-sections.js';
import type { Versions } from './approval-versions.js';
import { type FileChange, fileChanges } from './file-changes.js';

/*
 * What a person reads before they answer: what is asked, how it has come to that, the work itself, what was found in it, and
 * the answers there are. The question is whatever a workflow made of it; what is known of its parts is laid out, and the rest
 * is shown as it is.
 */

/** What the work is compared to, where there is such a thing. */
export interface Base {
  readonly files: readonly DeliverableFile[];
  /** Ends the sentence "compared to …". */
  readonly what: string;
  /** Files that the question does not name, since they are again as in the workspace, and were otherwise before. */
  readonly again?: readonly DeliverableFile[];
}

/** What is shown beside the question itself. */
export interface Beside {
  readonly base: Base | null;
  /** The versions of a workspace that it is about, as they are. */
  readonly versions: Versions | null;
  /** What work that is done by hand has to look like, as far as anybody says. */
  readonly schema: JsonObject | null;
}

/** Parts that a section shows; all others are shown as they are. */
const SHOWN = new Set([
  'title',
  'about',
  'question',
  'review',
  'reviews',
  'toolReport',
  'code',
  'files',
  'panel',
  'moves',
  'policy',
  'comments',
  'choices',
]);

const STATUS: Readonly<Record<string, string>> = {
  approve: 'approved',
  reject: 'rejected',
  'request-changes': 'sent back',
  answer: 'answered',
};

function aboutLines(approval: ApprovalView, width: number): Section {
  const { title, state, workflow, workflowVersion, runId, since, dueAt, status, submittedBy, sha256 } = approval;
  const facts: readonly (readonly [string, string])[] = [
    ['approval', approval.approvalId],
    ['status', STATUS[status] ?? status],
    ['asked by', `${state} of ${workflow}@${workflowVersion}, run ${runId}`],
    ['submitted by', `${submittedBy.type}:${submittedBy.id}`],
    ['since', timeOf(since)],
    ['due', dueAt === null ? '' : timeOf(dueAt)],
    ['sha256', sha256],
  ];
  return [
    printable(title ?? state),
    '',
    ...formatFacts(
      facts.filter(([, value]) => value !== ''),
      width,
    ),
  ];
}

/** What was answered so far, by whom, and what is missing. */
function answeredLines(approval: ApprovalView, width: number): Section {
  const { approvals, settledAt, settledBy, comment, missing, policy, status, remindedAt, escalatedAt } = approval;
  const wanted = missing?.from == null ? 'anybody' : missing.from.join(', ');
  const given = approvals.map(
    ({ by, comment: word, at }) =>
      ['approved', `${by.type}:${by.id}, ${timeOf(at)}${word === '' ? '' : `: ${word}`}`] as const,
  );
  const settled =
    settledAt === null
      ? ''
      : `${timeOf(settledAt)}${settledBy === null ? '' : ` by ${settledBy.type}:${settledBy.id}`}`;
  const facts: readonly (readonly [string, string])[] = [
    ...given,
    ['missing', missing === null || policy === null ? '' : `${missing.count} of ${wanted}`],
    ['blocked', approval.blocked ?? ''],
    ['reminded', remindedAt === null ? '' : timeOf(remindedAt)],
    ['escalated', escalatedAt === null ? '' : timeOf(escalatedAt)],
    [STATUS[status] ?? status, settled],
    ['comment', comment ?? ''],
  ];
  return heading(
    'Answers',
    formatFacts(
      facts.filter(([, value]) => value !== ''),
      width,
    ).map((line) => `  ${line}`),
  );
}

function roundLines(panel: AskedPanel | null, width: number): Section {
  if (panel === null) return [];
  const rounds = panel.rounds.map(({ round, scores }) => [String(round), formatScores(scores)]);
  const spent =
    panel.spent === undefined
      ? []
      : [
          `  spent ${panel.spent.usd === null ? 'an unknown sum' : `${panel.spent.usd} USD`}, ${panel.spent.tokens} tokens`,
        ];
  const failures = panel.failures.flatMap(({ state, error, cause }) =>
    indented(`${state} failed: ${error}${cause === '' ? '' : `: ${cause}`}`, width),
  );
  return heading('How it came to this', [
    ...(rounds.length === 0 ? [] : formatTable(['ROUND', 'SCORES'], rounds, width - 2).map((line) => `  ${line}`)),
    ...failures,
    ...spent,
  ]);
}

function reviewLines(review: AskedReview, width: number): readonly string[] {
  const { verdict, scores, summary, issues, judgedBy } = review;
  const who = judgedBy?.model ?? 'a validator';
  const head = [
    `${who}${verdict === undefined ? '' : `: ${verdict}`}`,
    scores === undefined ? '' : formatScores(scores),
  ]
    .filter(Boolean)
    .join('; ');
  return [
    ...indented(head, width),
    ...issues.flatMap((issue) => {
      const what = issue.problem ?? issue.text ?? JSON.stringify(issue);
      const place = issue.place === undefined ? '' : ` ${issue.place}:`;
      const fix = issue.fix === undefined ? '' : ` Fix: ${issue.fix}`;
      return indented(`[${issue.severity ?? 'issue'}]${place} ${what}${fix}`, width, '    ');
    }),
    ...(summary === undefined ? [] : indented(summary, width, '    ')),
  ];
}

function toolLines(report: ToolReport, width: number): readonly string[] {
  const findings = report.tools.flatMap(({ tool, findings: found }) =>
    found
      .slice(0, 10)
      .flatMap((finding) =>
        indented(`${tool}: ${typeof finding === 'string' ? finding : describeFinding(finding)}`, width, '    '),
      ),
  );
  return [...indented(`tools: ${formatTools(report)}`, width), ...findings];
}

function describeFinding(finding: unknown): string {
  const { file, line, message } = z
    .looseObject({ file: z.string().nullish(), line: z.number().nullish(), message: z.string().nullish() })
    .catch({})
    .parse(finding);
  if (message == null) return JSON.stringify(finding);
  return `${file ?? ''}${line == null ? '' : `:${line}`}${file == null ? '' : ' '}${message}`;
}

const SIGN: Readonly<Record<FileChange['kind'], string>> = {
  new: 'new',
  changed: 'changed',
  deleted: 'deleted',
  same: 'as before',
};

function fileLines(files: readonly DeliverableFile[], base: Base | null): Section {
  if (files.length === 0 && (base?.files.length ?? 0) === 0) return [];
  const changes = fileChanges(base?.files ?? [], [...files, ...(base?.again ?? [])]);
  const same = changes.filter(({ kind }) => kind === 'same').length;
  const rest = changes.filter(({ kind }) => kind !== 'same');
  const width = Math.max(...rest.map(({ path }) => path.length), 0);
  const lines = rest.flatMap(({ path, kind, added, removed, hunks }) => [
    `  ${printable(path).padEnd(width)}  ${SIGN[kind]}, +${added} −${removed}`,
    ...hunks.map((line) => `    ${printable(line)}`),
  ]);
  const compared = base === null ? '' : `, compared to ${base.what}`;
  return heading(`Files (${files.length})${compared}`, [
    ...lines,
    ...(same === 0 ? [] : [`  ${same} ${same === 1 ? 'file is' : 'files are'} as before.`]),
  ]);
}

/** What the question is about, as files; `code`, or the question itself. */
export const filesOf = (question: Json): readonly DeliverableFile[] => deliverableOf(question)?.files ?? [];

/** @param width Infinity where lines may be as long as they are */
export function approvalPage(
  approval: ApprovalView,
  { base, versions, schema }: Beside,
  width: number,
): readonly string[] {
  const question = approval.arguments;
  const parts = isJsonObject(question) ? question : {};
  const page = Number.isFinite(width) ? width : 100;
  const asked = askedIn(question);
  const said = asked.question === null ? [] : indented(asked.question, page);
  const reports = listOf(ToolReport, parts.toolReport);
  const others = isJsonObject(question)
    ? Object.fromEntries(Object.entries(parts).filter(([name]) => !SHOWN.has(name)))
    : question;
  const hasOthers = !isJsonObject(others) || Object.keys(others).length > 0;
  return [
    ...aboutLines(approval, page),
    ...heading('Question', said),
    ...answeredLines(approval, page),
    ...roundLines(asked.panel, page),
    ...heading(
      'Comments so far',
      asked.comments.flatMap(({ by, comment }) => indented(`${by === null ? '' : `${by}: `}“${comment}”`, page)),
    ),
    ...heading('What is run when it is approved', versions?.deploy == null ? [] : yamlLines(versions.deploy, page)),
    ...fileLines(versions?.after ?? filesOf(question), base),
    ...heading('Findings', [
      ...reports.flatMap((each) => toolLines(each, page)),
      ...asked.reviews.flatMap((each) => reviewLines(each, page)),
    ]),
    ...heading('About', hasOthers ? yamlLines(others, page) : []),
    ...heading('What an output has to look like', schema === null ? [] : yamlLines(schema, page)),
    ...answerLines(approval, page),
  ];
}
