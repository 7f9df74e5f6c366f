import { OFFLINE_MODEL } from '@baton/llm';
import { ask } from '../model/ask.js';
import type { AskContext } from '../model/exchange.js';
import { fileSetProblems } from '../task/file-set.js';
import { NO_ANSWER, unanswered } from '../task/missing-answers.js';
import type { OrFailure } from '../task/or-failure.js';
import type { Deliverable, Refinement } from '../task/outputs.js';
import type { RefineArguments } from '../task/task-arguments.js';
import type { Template } from '../templates/template.js';
import { authorOf, isOffline } from './author.js';
import { joinAuthors, mergeFiles } from './merge-files.js';

const UNKNOWN = 'unknown';

/** Step 6: the model answers with what changes; the result is the full set again. */
export async function refine(
  context: AskContext,
  template: Template,
  { template: _, ...args }: RefineArguments,
): Promise<OrFailure<Deliverable>> {
  const { writtenBy, ...code } = args.code;
  const isKnown = writtenBy === OFFLINE_MODEL && (await context.offlineWork.isKnown(code.files));
  const answer = await ask(context, {
    template,
    variables: { ...args, code },
    output: 'Refinement',
    check: (refinement) => refinementProblems(refinement, args),
  });
  if (!answer.ok) return answer;
  const { changedFiles, removedFiles, answers, notes } = answer.value;
  const author = authorOf(context);
  const merged = mergeFiles(code.files, changedFiles, removedFiles);
  if (isOffline(context) && isKnown) await context.offlineWork.record(merged);
  return {
    ok: true,
    value: {
      files: [...merged],
      notes,
      testCommand: code.testCommand,
      language: args.language,
      // Code of an unnamed author may be anybody's, and so may what only the arguments call the scripted model's own.
      writtenBy: joinAuthors([author, writtenBy === OFFLINE_MODEL && !isKnown ? UNKNOWN : (writtenBy ?? UNKNOWN)]),
      answers: [...answers, ...missing(args, answers)],
    },
  };
}

/** A whole implementation is not thrown away for an answer that was forgotten. */
function missing(args: Omit<RefineArguments, 'template'>, answers: Refinement['answers']): Refinement['answers'] {
  const issues = args.reviews.flatMap((review) => review.issues.map(({ id }) => id));
  const asked = [...issues, ...args.comments.map(({ id }) => id), ...args.toolReport.failing];
  const answered = answers.map(({ to }) => to);
  return unanswered(asked, answered).map((to) => ({ to, answer: NO_ANSWER }));
}

function refinementProblems(refinement: Refinement, args: Omit<RefineArguments, 'template'>): readonly string[] {
  const { changedFiles, removedFiles } = refinement;
  const existing = new Set(args.code.files.map((file) => file.path));
  const changed = new Set(changedFiles.map((file) => file.path));
  const merged = mergeFiles(args.code.files, changedFiles, removedFiles);
  return [
    ...removedFiles.filter((path) => !existing.has(path)).map((path) => `removedFiles: there is no ${path}`),
    ...removedFiles.filter((path) => changed.has(path)).map((path) => `${path} is both changed and removed`),
    ...(merged.length === 0 ? ['removedFiles: nothing would be left'] : []),
    ...fileSetProblems(merged),
  ];
}
