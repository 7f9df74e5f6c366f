import type { JsonObject, WorkspaceMade } from '@baton/contracts';
import { getTree } from '@baton/workspace';
import { documentationOf } from '../knowledge/documentation.js';
import { ask, MAX_OUTPUT_TOKENS, type Question } from '../model/ask.js';
import type { AskContext } from '../model/exchange.js';
import { type ModelOutput, parseAnswer } from '../model/parse-answer.js';
import { mayAsk } from '../task/asking.js';
import type { OrFailure } from '../task/or-failure.js';
import { type ModelOutputName, modelOutputs } from '../task/outputs.js';
import { groundOf, type OpenWorkspace, openTaskWorkspace } from '../workbench/on-workspace.js';
import type { Workbench } from '../workbench/workbench.js';
import { askWithTools } from './ask-with-tools.js';
import type { Tool } from './tool.js';
import { diffTool } from './tools/diff.js';
import type { Taken } from './tools/finish.js';
import { lookTools } from './tools/look.js';

/**
 * Asks with a look at the workspace and the documentation, where the task has them and the model takes tools; else in one
 * question. Nothing of the workspace can be changed.
 *
 * @param made what the work has made of it so far; its difference from the base can be asked for
 */
export async function askLooking<N extends ModelOutputName>(
  context: AskContext,
  question: Question<N>,
  made?: WorkspaceMade | null,
): Promise<OrFailure<ModelOutput<N>>> {
  const opened = await openTaskWorkspace(context.workspace, made ?? undefined);
  if (!opened.ok) return opened;
  const workspace = opened.value;
  const { template, variables, shown = {}, output, check, asks = false } = question;
  const documentation = documentationOf(variables, workspace);
  const hasNoMore = workspace === null && !(asks && mayAsk(context.asking));
  if (hasNoMore && (documentation === null || !context.hasToolUse)) return ask(context, question, documentation);
  return context.withBench(groundOf(workspace, []), async (bench) => {
    const tools = workspace === null ? [] : await toolsOn(bench, workspace, made);
    const answer = await askWithTools(context, {
      template,
      variables,
      shown,
      bench,
      tools,
      asks,
      documentation,
      answerName: output,
      schema: modelOutputs[output],
      take: async (input) => take(output, input, check),
      maxOutputTokens: MAX_OUTPUT_TOKENS[output],
    });
    // It was taken as that very output.
    return answer.ok ? { ok: true, value: answer.value as ModelOutput<N> } : answer;
  });
}

async function toolsOn(
  bench: Workbench,
  workspace: OpenWorkspace,
  made?: WorkspaceMade | null,
): Promise<readonly Tool[]> {
  if (made == null) return lookTools(bench);
  const { base, store } = workspace;
  return [...lookTools(bench), diffTool(base, await getTree(store, made.tree), store)];
}

function take<N extends ModelOutputName>(output: N, input: JsonObject, check: Question<N>['check']): Taken {
  const parsed = parseAnswer(output, JSON.stringify(input), check);
  if (!parsed.ok) return { ok: false, problems: parsed.problems, changes: [] };
  return { ok: true, answer: JSON.parse(JSON.stringify(parsed.value)), changes: [] };
}
