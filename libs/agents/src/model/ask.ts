import type { JsonObject } from '@baton/contracts';
import type { ModelRequest, PromptPart } from '@baton/llm';
import type { Documentation } from '../knowledge/documentation.js';
import { withPassages } from '../knowledge/shown-passages.js';
import type { OrFailure } from '../task/or-failure.js';
import { jsonSchemaOf, type ModelOutputName } from '../task/outputs.js';
import { NEED_NOT_BE_SHOWN } from '../task/task-arguments.js';
import { type Lead, renderParts } from '../templates/render.js';
import { placeholdersOf, type Template } from '../templates/template.js';
import { type AskContext, exchange } from './exchange.js';
import { longerPrompt } from './longer-prompt.js';
import { type CheckAnswer, type ModelOutput, parseAnswer } from './parse-answer.js';

export interface Question<N extends ModelOutputName> {
  readonly template: Template;
  readonly variables: JsonObject;
  /** What the model is shown in the place of some of the variables: in words, or shorter. */
  readonly shown?: JsonObject;
  /** What stands before all else, and is the same for every step of a run. */
  readonly leads?: readonly Lead[];
  /** The names after which others ask with the same beginning: there a server should keep it. */
  readonly keptAfter?: readonly string[];
  readonly output: N;
  readonly check: CheckAnswer<ModelOutput<N>>;
  /** Whether it may put questions to a person first, where somebody may be asked. */
  readonly asks?: boolean;
}

/** Bounds of what a model may write, its thinking included. Code is long; a review is not. */
export const MAX_OUTPUT_TOKENS: Readonly<Record<ModelOutputName, number>> = {
  Plan: 32_000,
  Review: 32_000,
  Implementation: 96_000,
  Refinement: 96_000,
  Advice: 8_000,
  Text: 16_000,
};

/**
 * Asks the model by a template and checks its answer as the named output, with one repair, as `exchange` does. What fits of
 * the documentation is put before it.
 */
export async function ask<N extends ModelOutputName>(
  context: AskContext,
  question: Question<N>,
  documentation: Documentation | null = null,
): Promise<OrFailure<ModelOutput<N>>> {
  const request = requestFor(context, question);
  const shown = await withPassages(context, request, documentation);
  const asked = { ...request, ...shown, ...longerPrompt(request, shown.prompt, 'documentation') };
  return exchange(context, asked, (text) => parseAnswer(question.output, text, question.check));
}

function shownBy(template: Template, variables: JsonObject): JsonObject {
  const shown = placeholdersOf(template);
  const isShown = (name: string): boolean => shown.includes(name) || !NEED_NOT_BE_SHOWN.includes(name);
  return Object.fromEntries(Object.entries(variables).filter(([name]) => isShown(name)));
}

function requestFor<N extends ModelOutputName>(context: AskContext, question: Question<N>): ModelRequest {
  const { output } = question;
  const opening = openingOf(context, question, MAX_OUTPUT_TOKENS[output]);
  return { ...opening, output: { name: output, jsonSchema: jsonSchemaOf(output) } };
}

/** What of a question makes its opening. */
export type Opening = Pick<Question<ModelOutputName>, 'template' | 'variables' | 'shown' | 'leads' | 'keptAfter'>;

/** What is asked, but for the form of the answer. */
export function openingOf(
  context: AskContext,
  { template, variables, shown = {}, leads = [], keptAfter = [] }: Opening,
  maxOutputTokens: number,
): Omit<ModelRequest, 'output'> & { readonly parts: readonly PromptPart[] } {
  const { hints } = context;
  const rendering = { hints, leads, ...saltOf(variables) };
  const rendered = renderParts(template, shownBy(template, { ...variables, ...shown }), rendering);
  const parts = rendered.map(({ name, text }) => ({ name, text, cache: keptAfter.includes(name) }));
  return {
    agent: template.agent,
    template: { id: template.id, version: template.version },
    model: context.model,
    system: template.system,
    prompt: parts.map(({ text }) => text).join(''),
    parts,
    variables,
    maxOutputTokens: context.maxOutputTokens ?? maxOutputTokens,
    conversationId: context.conversationId,
    ...(context.effort === undefined ? {} : { effort: context.effort }),
  };
}

/** What is wanted is the same in every step of a run, and in another run of the same: there an answer may be kept from before. */
const saltOf = ({ requirements }: JsonObject): { readonly salt?: string } =>
  typeof requirements === 'string' ? { salt: requirements } : {};
