import { ask } from '../model/ask.js';
import type { AskContext } from '../model/exchange.js';
import { fileSetProblems } from '../task/file-set.js';
import type { OrFailure } from '../task/or-failure.js';
import type { Deliverable } from '../task/outputs.js';
import type { ImplementArguments } from '../task/task-arguments.js';
import type { Template } from '../templates/template.js';
import { authorOf, isOffline } from './author.js';
import { joinAuthors, mergeFiles } from './merge-files.js';

/** Step 4: from plan to code. The deliverable is the files that came with the run with the new ones laid over them. */
export async function implement(
  context: AskContext,
  template: Template,
  { template: _, ...variables }: ImplementArguments,
): Promise<OrFailure<Deliverable>> {
  const { files: given, language } = variables;
  const answer = await ask(context, {
    template,
    variables,
    output: 'Implementation',
    check: ({ files }) => fileSetProblems(mergeFiles(given, files)),
  });
  if (!answer.ok) return answer;
  const { files, notes, testCommand } = answer.value;
  const author = authorOf(context);
  const merged = mergeFiles(given, files);
  if (isOffline(context) && given.length === 0) await context.offlineWork.record(merged);
  return {
    ok: true,
    value: {
      files: [...merged],
      notes,
      testCommand,
      language,
      writtenBy: joinAuthors(given.length === 0 ? [author] : [author, 'input']),
      answers: [],
    },
  };
}
