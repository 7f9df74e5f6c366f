import { ask } from '../model/ask.js';
import type { AskContext } from '../model/exchange.js';
import { fileSetProblems } from '../task/file-set.js';
import type { OrFailure } from '../task/or-failure.js';
import type { Deliverable } from '../task/outputs.js';
import type { ImplementArguments } from '../task/task-arguments.js';
import type { Template } from '../templates/template.js';
import { authorOf, isOffline } from './author.js';
import { joinAuthors, mergeFiles } from './merge-files.js';
import { layOver, openTaskWorkspace, workspaceProblems } from './on-workspace.js';

/**
 * Step 4: from plan to code. The deliverable is the files that came with the run with the new ones laid over them; with a
 * workspace, what of them differs from it.
 */
export async function implement(
  context: AskContext,
  template: Template,
  { template: _, ...variables }: ImplementArguments,
): Promise<OrFailure<Deliverable>> {
  const { files: given, language } = variables;
  const opened = await openTaskWorkspace(context.workspace);
  if (!opened.ok) return opened;
  const workspace = opened.value;
  const answer = await ask(context, {
    template,
    variables,
    output: 'Implementation',
    check: ({ files }) => {
      const merged = mergeFiles(given, files);
      return [...fileSetProblems(merged), ...workspaceProblems(workspace, merged)];
    },
  });
  if (!answer.ok) return answer;
  const { files, notes, testCommand } = answer.value;
  const author = authorOf(context);
  const merged = mergeFiles(given, files);
  const isAlone = given.length === 0 && workspace === null;
  if (isOffline(context) && isAlone) await context.offlineWork.record(merged);
  return {
    ok: true,
    value: {
      ...(workspace === null ? { files: [...merged] } : await layOver(workspace, merged)),
      notes,
      testCommand,
      language,
      writtenBy: joinAuthors(isAlone ? [author] : [author, 'input']),
      answers: [],
    },
  };
}
