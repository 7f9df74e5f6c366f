import type { JsonObject } from '@baton/contracts';
import { askWithTools } from '../loop/ask-with-tools.js';
import type { Taken } from '../loop/tools/finish.js';
import type { AskContext } from '../model/exchange.js';
import { tellKnownFailures } from '../task/known-failures.js';
import type { OrFailure } from '../task/or-failure.js';
import { type Deliverable, Implementation } from '../task/outputs.js';
import { describeIssues } from '../task/problems.js';
import { pointToStandards } from '../task/standards.js';
import type { ImplementArguments } from '../task/task-arguments.js';
import type { Template } from '../templates/template.js';
import { deliver, groundOf, type OpenWorkspace, openTaskWorkspace } from '../workbench/on-workspace.js';
import type { Workbench } from '../workbench/workbench.js';
import { authorOf, isOffline, joinAuthors } from './author.js';
import { type Programming, programmerTools } from './programmer-tools.js';
import { takeFiles } from './take-files.js';

/** What is handed in: the files are where the tools put them. */
const HandedIn = Implementation.omit({ files: true });
const Accepted = HandedIn.extend({ files: Implementation.shape.files.optional() });
const MAX_OUTPUT_TOKENS = 32_000;

/**
 * Step 4: from plan to code. The deliverable is the files that came with the run with the new ones laid over them; with a
 * workspace, what of them differs from it.
 */
export const implement =
  (programming: Programming) =>
  async (
    context: AskContext,
    template: Template,
    { template: _, ...variables }: ImplementArguments,
  ): Promise<OrFailure<Deliverable>> => {
    const { files: given, language, knownFailures } = variables;
    const opened = await openTaskWorkspace(context.workspace);
    if (!opened.ok) return opened;
    const workspace = opened.value;
    const isAlone = given.length === 0 && workspace === null;
    const isOwn = isOffline(context) && isAlone;
    const running = { language, testCommand: '', writtenBy: context.model, isOwn, knownFailures };
    const standards = await pointToStandards(context, variables.standards, variables.files);
    if (!standards.ok) return standards;
    const shown = { standards: standards.value, knownFailures: tellKnownFailures(knownFailures) };
    return context.withBench(groundOf(workspace, given), async (bench) => {
      const answer = await askWithTools(context, {
        template,
        variables,
        shown,
        bench,
        tools: await programmerTools(bench, workspace, programming, running),
        answerName: 'Implementation',
        schema: HandedIn,
        take: (input) => take(bench, workspace, input),
        maxOutputTokens: MAX_OUTPUT_TOKENS,
      });
      if (!answer.ok) return answer;
      const { notes, testCommand } = answer.value;
      const author = authorOf(context);
      const { delivered } = await deliver(bench, workspace);
      if (isOwn) await context.offlineWork.record(delivered.files);
      const writtenBy = joinAuthors(isAlone ? [author] : [author, 'input']);
      return { ok: true, value: { ...delivered, notes, testCommand, language, writtenBy, answers: [] } };
    });
  };

async function take(bench: Workbench, workspace: OpenWorkspace | null, input: JsonObject): Promise<Taken> {
  const parsed = Accepted.safeParse(input);
  if (!parsed.success) return { ok: false, problems: describeIssues(parsed.error), changes: [] };
  const { files: changed = [], ...answer } = parsed.data;
  return takeFiles(bench, workspace, { answer, changed, removed: [] });
}
