import { OFFLINE_MODEL } from '@baton/llm';
import { ask } from '../model/ask.js';
import type { AskContext } from '../model/exchange.js';
import { fileSetProblems } from '../task/file-set.js';
import type { OrFailure } from '../task/or-failure.js';
import type { Deliverable, Refinement } from '../task/outputs.js';
import type { RefineArguments } from '../task/task-arguments.js';
import type { Template } from '../templates/template.js';
import { authorOf, isOffline } from './author.js';
import { joinAuthors, mergeFiles } from './merge-files.js';
import { layOver, type OpenWorkspace, openTaskWorkspace, workspaceProblems } from './on-workspace.js';

const UNKNOWN = 'unknown';

/** Step 6: the model answers with what changes; the result is the full set again. */
export async function refine(
  context: AskContext,
  template: Template,
  { template: _, ...args }: RefineArguments,
): Promise<OrFailure<Deliverable>> {
  const { writtenBy, workspace: made, ...code } = args.code;
  const opened = await openTaskWorkspace(context.workspace, made);
  if (!opened.ok) return opened;
  const workspace = opened.value;
  const isKnown = writtenBy === OFFLINE_MODEL && (await context.offlineWork.isKnown(code.files));
  const answer = await ask(context, {
    template,
    variables: { ...args, code },
    output: 'Refinement',
    check: (refinement) => refinementProblems(refinement, args, workspace),
  });
  if (!answer.ok) return answer;
  const { changedFiles, removedFiles, answers, notes } = answer.value;
  const author = authorOf(context);
  const merged = mergeFiles(code.files, changedFiles, removedFiles);
  if (isOffline(context) && isKnown) await context.offlineWork.record(merged);
  return {
    ok: true,
    value: {
      ...(workspace === null ? { files: [...merged] } : await layOver(workspace, merged, removedFiles)),
      notes,
      testCommand: code.testCommand,
      language: args.language,
      // Code of an unnamed author may be anybody's, and so may what only the arguments call the scripted model's own.
      writtenBy: joinAuthors([author, writtenBy === OFFLINE_MODEL && !isKnown ? UNKNOWN : (writtenBy ?? UNKNOWN)]),
      answers,
    },
  };
}

function refinementProblems(
  refinement: Refinement,
  args: Omit<RefineArguments, 'template'>,
  workspace: OpenWorkspace | null,
): readonly string[] {
  const { changedFiles, removedFiles, answers } = refinement;
  const existing = new Set([...args.code.files, ...(workspace?.from ?? [])].map((file) => file.path));
  const changed = new Set(changedFiles.map((file) => file.path));
  const answered = new Set(answers.map((answer) => answer.to));
  const issues = args.reviews.flatMap((review) => review.issues.map((issue) => issue.id));
  const merged = mergeFiles(args.code.files, changedFiles, removedFiles);
  return [
    ...removedFiles.filter((path) => !existing.has(path)).map((path) => `removedFiles: there is no ${path}`),
    ...removedFiles.filter((path) => changed.has(path)).map((path) => `${path} is both changed and removed`),
    ...(merged.length === 0 && workspace === null ? ['removedFiles: nothing would be left'] : []),
    ...fileSetProblems(merged),
    ...workspaceProblems(workspace, merged, removedFiles),
    ...[...new Set(issues)].filter((id) => !answered.has(id)).map((id) => `answers: there is none to the issue ${id}`),
    ...args.comments
      .filter(({ id }) => !answered.has(id))
      .map(({ id }) => `answers: there is none to the comment ${id}`),
    ...args.toolReport.failing
      .filter((tool) => !answered.has(tool))
      .map((tool) => `answers: there is none to the failing tool ${tool}`),
  ];
}
