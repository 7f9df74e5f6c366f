import type { JsonObject, WorkspaceMade } from '@baton/contracts';
import { type BlobStore, getTree, type Tree } from '@baton/workspace';
import { repositoryMap } from '../context/repository-map.js';
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

/** What the work has made of a workspace so far, and how it is told to whoever can ask for its difference from the base. */
interface MadeSoFar {
  readonly workspace: WorkspaceMade;
  readonly tell: (base: Tree, tree: Tree, store: BlobStore) => Promise<JsonObject>;
}

/**
 * Asks with a look at the workspace and the documentation, where the task has them and the model takes tools; else in one
 * question. Nothing of the workspace can be changed.
 */
export async function askLooking<N extends ModelOutputName>(
  context: AskContext,
  question: Question<N>,
  made: MadeSoFar | null = null,
): Promise<OrFailure<ModelOutput<N>>> {
  const opened = await openTaskWorkspace(context.workspace, made?.workspace);
  if (!opened.ok) return opened;
  const workspace = opened.value;
  const { template, variables, output, check, asks = false } = question;
  const documentation = documentationOf(variables, workspace);
  const hasNoMore = workspace === null && !context.servers.isAny && !(asks && mayAsk(context.asking));
  if (hasNoMore && (documentation === null || !context.hasToolUse)) return ask(context, question, documentation);
  const leads = workspace === null ? [] : [await repositoryMap(workspace.base, workspace.store)];
  return context.withBench(groundOf(workspace, []), async (bench) => {
    const { tools, told } = workspace === null ? { tools: [], told: {} } : await lookingOn(bench, workspace, made);
    const answer = await askWithTools(context, {
      template,
      variables,
      // Without tools the files that were changed stand there whole.
      shown: { ...question.shown, ...(context.hasToolUse ? told : {}) },
      leads,
      ...(question.keptAfter === undefined ? {} : { keptAfter: question.keptAfter }),
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

async function lookingOn(
  bench: Workbench,
  { base, store }: OpenWorkspace,
  made: MadeSoFar | null,
): Promise<{ readonly tools: readonly Tool[]; readonly told: JsonObject }> {
  if (made === null) return { tools: lookTools(bench), told: {} };
  const tree = await getTree(store, made.workspace.tree);
  return { tools: [...lookTools(bench), diffTool(base, tree, store)], told: await made.tell(base, tree, store) };
}

function take<N extends ModelOutputName>(output: N, input: JsonObject, check: Question<N>['check']): Taken {
  const parsed = parseAnswer(output, JSON.stringify(input), check);
  if (!parsed.ok) return { ok: false, problems: parsed.problems, changes: [] };
  return { ok: true, answer: JSON.parse(JSON.stringify(parsed.value)), changes: [] };
}
