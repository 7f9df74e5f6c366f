import type { JsonObject, WorkspaceMade } from '@baton/contracts';
import { getTree } from '@baton/workspace';
import { ask, MAX_OUTPUT_TOKENS, type Question } from '../model/ask.js';
import type { AskContext } from '../model/exchange.js';
import { type ModelOutput, parseAnswer } from '../model/parse-answer.js';
import type { OrFailure } from '../task/or-failure.js';
import { type ModelOutputName, modelOutputs } from '../task/outputs.js';
import { openTaskWorkspace } from '../workbench/on-workspace.js';
import { askWithTools } from './ask-with-tools.js';
import { diffTool } from './tools/diff.js';
import type { Taken } from './tools/finish.js';
import { lookTools } from './tools/look.js';

/**
 * Asks with a look at the workspace, where the task has one and the model takes tools; else in one question. Nothing of the
 * workspace can be changed.
 *
 * @param made what the work has made of it so far; its difference from the base can be asked for
 */
export async function askLooking<N extends ModelOutputName>(
  context: AskContext,
  question: Question<N>,
  made?: WorkspaceMade | null,
): Promise<OrFailure<ModelOutput<N>>> {
  if (!context.hasToolUse) return ask(context, question);
  const opened = await openTaskWorkspace(context.workspace, made ?? undefined);
  if (!opened.ok) return opened;
  const workspace = opened.value;
  if (workspace === null) return ask(context, question);
  const { base, from, store } = workspace;
  const { template, variables, shown = {}, output, check } = question;
  return context.withBench({ type: 'tree', tree: from }, async (bench) => {
    const difference = made == null ? [] : [diffTool(base, await getTree(store, made.tree), store)];
    const answer = await askWithTools(context, {
      template,
      variables,
      shown,
      bench,
      tools: [...lookTools(bench), ...difference],
      answerName: output,
      schema: modelOutputs[output],
      take: async (input) => take(output, input, check),
      maxOutputTokens: MAX_OUTPUT_TOKENS[output],
    });
    // It was taken as that very output.
    return answer.ok ? { ok: true, value: answer.value as ModelOutput<N> } : answer;
  });
}

function take<N extends ModelOutputName>(output: N, input: JsonObject, check: Question<N>['check']): Taken {
  const parsed = parseAnswer(output, JSON.stringify(input), check);
  if (!parsed.ok) return { ok: false, problems: parsed.problems, changes: [] };
  return { ok: true, answer: JSON.parse(JSON.stringify(parsed.value)), changes: [] };
}
