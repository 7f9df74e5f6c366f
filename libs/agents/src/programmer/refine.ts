import { JsonObject } from '@baton/contracts';
import { OFFLINE_MODEL } from '@baton/llm';
import { repositoryMap } from '../context/repository-map.js';
import { pointToStandards } from '../context/standards.js';
import { tellChanges, tellDeliverable, tellToReader } from '../context/tell-code.js';
import { tellFiles, tellToolReport, tellValue } from '../context/tell-values.js';
import { documentationOf } from '../knowledge/documentation.js';
import { askWithTools } from '../loop/ask-with-tools.js';
import type { Taken } from '../loop/tools/finish.js';
import type { AskContext } from '../model/exchange.js';
import { tellKnownFailures } from '../task/known-failures.js';
import { NO_ANSWER, unanswered } from '../task/missing-answers.js';
import type { OrFailure } from '../task/or-failure.js';
import { type Deliverable, Refinement } from '../task/outputs.js';
import { describeIssues } from '../task/problems.js';
import type { RefineArguments } from '../task/task-arguments.js';
import type { Template } from '../templates/template.js';
import { deliver, groundOf, type OpenWorkspace, openTaskWorkspace } from '../workbench/on-workspace.js';
import type { Workbench } from '../workbench/workbench.js';
import { guard, wordsOfRule } from '../workbench/write-rule.js';
import { authorOf, isOffline, joinAuthors } from './author.js';
import { type Programming, programmerTools } from './programmer-tools.js';
import { takeFiles } from './take-files.js';

const UNKNOWN = 'unknown';
const MAX_OUTPUT_TOKENS = 32_000;

/** What is handed in: the files are where the tools put them. */
const HandedIn = Refinement.omit({ changedFiles: true, removedFiles: true });
const Accepted = HandedIn.extend({
  changedFiles: Refinement.shape.changedFiles.optional(),
  removedFiles: Refinement.shape.removedFiles.optional(),
});

/** Step 6: the model changes what is there; the result is the full set again. */
export const refine =
  (programming: Programming) =>
  async (
    context: AskContext,
    template: Template,
    { template: _, ...args }: RefineArguments,
  ): Promise<OrFailure<Deliverable>> => {
    const { writtenBy, workspace: made, ...code } = args.code;
    const opened = await openTaskWorkspace(context.workspace, made ?? undefined);
    if (!opened.ok) return opened;
    const workspace = opened.value;
    const isKnown = writtenBy === OFFLINE_MODEL && (await context.offlineWork.isKnown(code.files));
    // Code of an unnamed author may be anybody's, and so may what only the arguments call the scripted model's own.
    const before = writtenBy === OFFLINE_MODEL && !isKnown ? UNKNOWN : (writtenBy ?? UNKNOWN);
    const { language, knownFailures } = args;
    const running = {
      language,
      testCommand: code.testCommand,
      knownFailures,
      runId: context.conversationId,
      isOwn: isOffline(context) && isKnown && workspace === null,
    };
    const standards = await pointToStandards(context, args.standards, args.files);
    if (!standards.ok) return standards;
    const shown = {
      standards: standards.value,
      knownFailures: tellKnownFailures(knownFailures),
      plan: tellValue(args.plan),
      files: tellFiles(args.files, false),
      documentationLocations: tellValue(args.documentationLocations),
      reviews: tellValue(args.reviews),
      comments: tellValue(args.comments),
      toolReport: tellToolReport(args.toolReport),
      code: await tellCode(context, workspace, code),
    };
    const leads = workspace === null ? [] : [await repositoryMap(workspace.base, workspace.store)];
    return context.withBench(groundOf(workspace, code.files), async (ground) => {
      const { bench, problems } = await guard(ground, context.writes);
      const answer = await askWithTools(context, {
        template,
        variables: { ...args, code },
        shown,
        leads,
        bench,
        documentation: documentationOf(JsonObject.parse({ ...args }), workspace),
        tools: await programmerTools(bench, workspace, programming, {
          ...running,
          writtenBy: joinAuthors([context.model, before]),
        }),
        rules: wordsOfRule(context.writes),
        answerName: 'Refinement',
        asks: true,
        schema: HandedIn,
        take: (input) => take(bench, workspace, input, problems),
        maxOutputTokens: MAX_OUTPUT_TOKENS,
      });
      if (!answer.ok) return answer;
      const { answers, notes } = answer.value;
      const { delivered } = await deliver(bench, workspace);
      if (isOffline(context) && isKnown && workspace === null) await context.offlineWork.record(delivered.files);
      const author = joinAuthors([authorOf(context), before]);
      const { testCommand } = code;
      return {
        ok: true,
        value: {
          ...delivered,
          notes,
          testCommand,
          language,
          writtenBy: author,
          answers: [...answers, ...missing(args, answers)],
        },
      };
    });
  };

type Asked = Omit<RefineArguments, 'template'>;

/** Who has tools reads the rest for himself: the changes of a workspace, or the files that fit. */
function tellCode(
  { hasToolUse }: AskContext,
  workspace: OpenWorkspace | null,
  code: Omit<RefineArguments['code'], 'workspace' | 'writtenBy'>,
): string | Promise<string> {
  if (!hasToolUse) return tellDeliverable(code, false);
  if (workspace === null) return tellToReader(code);
  return tellChanges(code, workspace.base, workspace.from, workspace.store);
}

async function take(
  bench: Workbench,
  workspace: OpenWorkspace | null,
  input: JsonObject,
  broken: () => Promise<readonly string[]>,
): Promise<Taken> {
  const parsed = Accepted.safeParse(input);
  if (!parsed.success) return { ok: false, problems: describeIssues(parsed.error), changes: [] };
  const { changedFiles: changed = [], removedFiles: removed = [], ...answer } = parsed.data;
  return takeFiles(bench, workspace, { answer, changed, removed }, broken);
}

/** A whole implementation is not thrown away for an answer that was forgotten. */
function missing(args: Asked, answers: Refinement['answers']): Refinement['answers'] {
  const issues = args.reviews.flatMap((review) => review.issues.map(({ id }) => id));
  const asked = [...issues, ...args.comments.map(({ id }) => id), ...args.toolReport.failing];
  const answered = answers.map(({ to }) => to);
  return unanswered(asked, answered).map((to) => ({ to, answer: NO_ANSWER }));
}
