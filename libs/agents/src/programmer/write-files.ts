import type { JsonObject, WorkspaceMade } from '@baton/contracts';
import { OFFLINE_MODEL } from '@baton/llm';
import { repositoryMap } from '../context/repository-map.js';
import { documentationOf } from '../knowledge/documentation.js';
import { askWithTools } from '../loop/ask-with-tools.js';
import type { AskContext } from '../model/exchange.js';
import type { DeliverableFile } from '../task/file-set.js';
import type { OrFailure } from '../task/or-failure.js';
import { type Deliverable, Implementation, type Language } from '../task/outputs.js';
import { describeIssues } from '../task/problems.js';
import type { Template } from '../templates/template.js';
import { deliver, groundOf, openTaskWorkspace } from '../workbench/on-workspace.js';
import { guard, wordsOfRule } from '../workbench/write-rule.js';
import { authorOf, isOffline, joinAuthors } from './author.js';
import { type Programming, programmerTools, type Running } from './programmer-tools.js';
import { takeFiles } from './take-files.js';

/** What is handed in: the files are where the tools put them. */
const HandedIn = Implementation.omit({ files: true });
const Accepted = HandedIn.extend({ files: Implementation.shape.files.optional() });
const MAX_OUTPUT_TOKENS = 32_000;

/** Files to be written by a model with tools, on top of what is there. */
export interface Writing {
  readonly template: Template;
  /** What the template shows. */
  readonly variables: JsonObject;
  /** What it shows of some of them instead. */
  readonly shown?: JsonObject;
  /** What failed on the given state of the workspace. */
  readonly knownFailures?: Running['knownFailures'];
  readonly language: Language;
  /** What lies there before, where the task has no workspace; part of what is delivered. */
  readonly given: readonly DeliverableFile[];
  /** Who wrote that, as far as the task knows. */
  readonly givenBy?: string | undefined;
  /** The version of the workspace that an earlier task made. */
  readonly made?: WorkspaceMade | undefined;
}

/** Who stands for code that nobody is known to have written. */
const INPUT = 'input';

/**
 * Has files written. The deliverable is the files that were given with the new ones laid over them; with a workspace, what of
 * them differs from it. What the task may not write stays as it was, whatever the model or its commands do.
 */
export async function writeFilesWithTools(
  programming: Programming,
  context: AskContext,
  { template, variables, shown = {}, language, given, givenBy, made, knownFailures = [] }: Writing,
): Promise<OrFailure<Deliverable>> {
  const opened = await openTaskWorkspace(context.workspace, made);
  if (!opened.ok) return opened;
  const workspace = opened.value;
  // That all of it is the scripted model's own is not believed from the arguments.
  const isKnown = workspace === null && (given.length === 0 || (await context.offlineWork.isKnown(given)));
  const isOwn = isOffline(context) && isKnown;
  const before = isKnown ? [] : [givenBy === undefined || givenBy === OFFLINE_MODEL ? INPUT : givenBy];
  const leads = workspace === null ? [] : [await repositoryMap(workspace.base, workspace.store)];
  const running = {
    language,
    testCommand: '',
    writtenBy: context.model,
    isOwn,
    knownFailures,
    runId: context.conversationId,
  };
  return context.withBench(groundOf(workspace, given), async (ground) => {
    const { bench, problems } = await guard(ground, context.writes);
    const answer = await askWithTools(context, {
      template,
      variables,
      shown,
      leads,
      bench,
      documentation: documentationOf(variables, workspace),
      tools: await programmerTools(bench, workspace, programming, running),
      rules: wordsOfRule(context.writes),
      answerName: 'Implementation',
      asks: true,
      schema: HandedIn,
      take: async (input) => {
        const parsed = Accepted.safeParse(input);
        if (!parsed.success) return { ok: false, problems: describeIssues(parsed.error), changes: [] };
        const { files: changed = [], ...rest } = parsed.data;
        return takeFiles(bench, workspace, { answer: rest, changed, removed: [] }, problems);
      },
      maxOutputTokens: MAX_OUTPUT_TOKENS,
    });
    if (!answer.ok) return answer;
    const { notes, testCommand } = answer.value;
    const { delivered } = await deliver(bench, workspace);
    if (isOwn) await context.offlineWork.record(delivered.files);
    const writtenBy = joinAuthors([authorOf(context), ...before]);
    return { ok: true, value: { ...delivered, notes, testCommand, language, writtenBy, answers: [] } };
  });
}
