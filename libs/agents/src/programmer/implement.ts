import type { JsonObject } from '@baton/contracts';
import { askWithTools } from '../loop/ask-with-tools.js';
import type { Taken } from '../loop/tools/finish.js';
import { textFilesOf } from '../loop/with-bench.js';
import type { Workbench } from '../loop/workbench.js';
import type { AskContext } from '../model/exchange.js';
import type { OrFailure } from '../task/or-failure.js';
import { type Deliverable, Implementation } from '../task/outputs.js';
import { describeIssues } from '../task/problems.js';
import type { ImplementArguments } from '../task/task-arguments.js';
import type { Template } from '../templates/template.js';
import { authorOf, isOffline } from './author.js';
import { joinAuthors } from './merge-files.js';
import { type Programming, programmerTools } from './programmer-tools.js';
import { takeFiles } from './take-files.js';

/** What is handed in: the files are where the tools put them. */
const HandedIn = Implementation.omit({ files: true });
const Accepted = HandedIn.extend({ files: Implementation.shape.files.optional() });
const MAX_OUTPUT_TOKENS = 32_000;

/** Step 4: from plan to code. The deliverable is the files that came with the run with the new ones laid over them. */
export const implement =
  (programming: Programming) =>
  async (
    context: AskContext,
    template: Template,
    { template: _, ...variables }: ImplementArguments,
  ): Promise<OrFailure<Deliverable>> =>
    context.withBench(variables.files, async (bench) => {
      const { files: given, language } = variables;
      const isOwn = isOffline(context) && given.length === 0;
      const answer = await askWithTools(context, {
        template,
        variables,
        bench,
        tools: await programmerTools(bench, programming, {
          language,
          testCommand: '',
          writtenBy: context.model,
          isOwn,
        }),
        answerName: 'Implementation',
        schema: HandedIn,
        take: (input) => take(bench, input),
        maxOutputTokens: MAX_OUTPUT_TOKENS,
      });
      if (!answer.ok) return answer;
      const { notes, testCommand } = answer.value;
      const author = authorOf(context);
      const { files } = await textFilesOf(bench);
      if (isOwn) await context.offlineWork.record(files);
      return {
        ok: true,
        value: {
          files: [...files],
          notes,
          testCommand,
          language,
          writtenBy: joinAuthors(given.length === 0 ? [author] : [author, 'input']),
          answers: [],
        },
      };
    });

async function take(bench: Workbench, input: JsonObject): Promise<Taken> {
  const parsed = Accepted.safeParse(input);
  if (!parsed.success) return { ok: false, problems: describeIssues(parsed.error), changes: [] };
  const { files: changed = [], ...answer } = parsed.data;
  return takeFiles(bench, { answer, problems: [], changed, removed: [] });
}
