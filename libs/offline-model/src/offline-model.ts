import { setTimeout as delay } from 'node:timers/promises';
import { type Json, JsonObject, TerminalError } from '@baton/contracts';
import { type CallModel, type ModelRequest, modelAborted, OFFLINE_MODEL } from '@baton/llm';
import { advise } from './advice.js';
import { fitSchema } from './any-question/fit-schema.js';
import { textOf } from './any-question/text-of.js';
import { scriptedAnswer } from './prompt-scripts.js';
import { sayInPrompt } from './prompt-tools.js';
import { firstCode, refinedCode } from './seven-step/code.js';
import { codeFindings, customFindings } from './seven-step/code-checks.js';
import { firstPlan, revisedPlan } from './seven-step/plan.js';
import { planFindings } from './seven-step/plan-checks.js';
import { reviewOf } from './seven-step/score.js';
import { readScript, SCRIPT_NAMES } from './seven-step/script.js';
import { folderBeside, folderIn, folderOfPlan, type Subject, subjectOf } from './seven-step/subject.js';
import { readVariables, type Variables } from './seven-step/variables.js';
import { filesSeen, type Said, sayWithTools } from './with-tools.js';

export interface OfflineModelOptions {
  /** How long the first answer of a conversation waits, in milliseconds, so that people can follow a run. Default 150. */
  readonly delayMs?: number;
}

/**
 * A model port without a language model: fixed scripts answer by the template's id and variables. The same request always
 * gives the same bytes. The first plan and the first code have honest mistakes, which its reviews or the tools find and
 * its revisions mend, so that a run without an API key shows every step at work.
 * What the prompt worker asks is answered by a script where a template of a shipped workflow is filled, else with excerpts
 * that fit the asked schema; of tools that a workflow declares the one is called that shares the most words with the question.
 * What the advisor is asked is answered by fixed rules from the numbers of the run.
 * Throws TerminalError `offline-unknown-template` for a template it has no script for, `offline-unfit-schema` for a schema
 * it finds no answer to.
 */
export function createOfflineModel(options: OfflineModelOptions = {}): CallModel {
  const delayMs = options.delayMs ?? 150;
  return async (request, signal) => {
    // What follows on the results of tools has its time by these.
    const waitMs = request.turns === undefined || request.turns.length === 0 ? delayMs : 0;
    await delay(waitMs, undefined, { signal }).catch((cause: unknown) => {
      throw modelAborted(cause);
    });
    const { text, toolCalls } = await say(request);
    return {
      text,
      content: [
        ...(text === '' ? [] : [{ type: 'text', text }]),
        ...toolCalls.map(({ id, name, input }) => ({ type: 'tool_use', id, name, input })),
      ],
      toolCalls,
      model: OFFLINE_MODEL,
      stopReason: toolCalls.length === 0 ? 'end_turn' : 'tool_use',
      usage: { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 },
      requestId: null,
    };
  };
}

async function say(request: ModelRequest): Promise<Said> {
  if (request.agent === PROMPT_AGENT && request.tools !== undefined) return sayInPrompt(request);
  const whole = await answer(request);
  if (request.tools === undefined) return { text: JSON.stringify(whole), toolCalls: [] };
  return sayWithTools(request, JsonObject.parse(JSON.parse(JSON.stringify(whole))));
}

type Answerer = (facts: Facts, subject: Subject) => object | Promise<object>;

interface Facts extends Variables {
  /** What is there already: files of the input, and what a workspace holds. */
  readonly existing: readonly { readonly path: string }[];
}

const ANSWERERS: Readonly<Record<string, Answerer>> = {
  step1_initial_planner_prompt_template: ({ existing }, subject) => firstPlan(subject, folderBeside(subject, existing)),

  step2_plan_validator_prompt_template: ({ plan, round, thresholds }, subject) =>
    reviewOf({
      findings: planFindings(plan, subject),
      thresholds,
      issuePrefix: `P${round}`,
      checked: 'whether each requirement has its answer, and whether files, interfaces, errors and tests are planned',
    }),

  step3_revision_planner_prompt_template: ({ plan, review, comments }, subject) =>
    revisedPlan(subject, folderOfPlan(plan, subject) ?? '', plan, { review, comments }),

  step4_programmer_prompt_template: ({ plan, existing }, subject) =>
    firstCode(subject, folderOfPlan(plan, subject) ?? folderBeside(subject, existing)),

  tester_prompt_template: async ({ plan, files }, subject) => {
    const whole = await firstCode(subject, folderOfPlan(plan, subject) ?? folderBeside(subject, files));
    const tests = whole.files.filter(({ path }) => /(?:^|\/)tests?\//.test(path));
    return { ...whole, files: tests, notes: `Tests alone, before the code. ${whole.notes}` };
  },

  step5a_two_level_validation_agent_prompt_template: ({ plan, code, round, thresholds }, subject) =>
    reviewOf({
      findings: codeFindings(code, plan, subject),
      thresholds,
      issuePrefix: `A${round}`,
      checked: 'whether the code has the planned files and names and a trace of each requirement',
    }),

  step5b_two_level_standardization_validation_agent_prompt_template: ({ plan, code, round, thresholds }, subject) =>
    reviewOf({
      findings: customFindings(code, plan, subject),
      thresholds,
      issuePrefix: `B${round}`,
      checked: 'the documentation, the size of files and marks of unfinished work',
    }),

  step6_code_refinement_programmer_prompt_template: ({ code, reviews, toolReport, comments }, subject) =>
    refinedCode({
      subject,
      folder: folderIn(code.files, subject.script.editions[subject.language].landmark),
      given: code,
      reviews,
      toolReport,
      comments,
    }),
};

/** Any single question. Without a script for it, the answer is made of what the prompt was filled with. */
const PROMPT_AGENT = 'prompt';

/** Another template for work that the scripts know is answered as the usual one would be: what it shows says what it is for. */
function usualTemplateOf({ agent, variables }: ModelRequest): string | undefined {
  const shows = (name: string): boolean => name in variables;
  switch (agent) {
    case 'planner':
      return shows('review') ? 'step3_revision_planner_prompt_template' : 'step1_initial_planner_prompt_template';
    case 'validator':
      return shows('code')
        ? 'step5a_two_level_validation_agent_prompt_template'
        : 'step2_plan_validator_prompt_template';
    case 'programmer':
      return shows('code') ? 'step6_code_refinement_programmer_prompt_template' : 'step4_programmer_prompt_template';
    case 'tester':
      return 'tester_prompt_template';
    default:
      return undefined;
  }
}

const ADVICE_TEMPLATE = 'workflow_orchestrator_prompt_template';

async function answer(request: ModelRequest): Promise<Json | object> {
  const scripted = scriptedAnswer(request.template.id, request.variables);
  if (scripted !== null) return scripted;
  if (request.agent === PROMPT_AGENT) {
    const text = textOf(request.variables);
    return request.output === null ? { text } : fitSchema(request.output.jsonSchema, text);
  }
  const { id } = request.template;
  if (id === ADVICE_TEMPLATE || request.output?.name === 'Advice') return advise(request.variables);
  const script = Object.hasOwn(ANSWERERS, id) ? id : usualTemplateOf(request);
  const answerer = script === undefined ? undefined : ANSWERERS[script];
  if (answerer === undefined) {
    throw new TerminalError(`The offline model has no script for the template “${id}”.`, {
      code: 'offline-unknown-template',
      next: 'Set ANTHROPIC_API_KEY to have a language model answer, or use the seven-step workflow.',
    });
  }
  const variables = readVariables(request.variables);
  const scripts = await Promise.all(SCRIPT_NAMES.map(readScript));
  const existing = [...variables.files, ...filesSeen(request)];
  return answerer({ ...variables, existing }, subjectOf(variables.requirements, variables.language, scripts));
}
