import { BatonErrorName, describeError, type JsonObject, RetryableError, TerminalError } from '@baton/contracts';
import { type CallModel, type ModelRequest, type ModelResponse, UnusableAnswer } from '@baton/llm';
import type { TaskFailure } from '@baton/worker';
import { type Outcome, throwIfAborted } from '../outcome.js';
import { jsonSchemaOf, type ModelOutputName } from '../outputs.js';
import { appendBlocks, renderPrompt } from '../templates/render.js';
import type { Template } from '../templates/template.js';
import type { Ledger } from './ledger.js';
import { type CheckAnswer, type ModelOutput, parseAnswer } from './parse-answer.js';

/** What a question needs besides itself: all of one task. */
export interface AskContext {
  /** Already behind the task's journal. */
  readonly callModel: CallModel;
  readonly model: string;
  readonly conversationId: string;
  readonly ledger: Ledger;
  readonly now: () => Date;
  readonly signal: AbortSignal;
}

export interface Question<N extends ModelOutputName> {
  readonly template: Template;
  readonly variables: JsonObject;
  readonly output: N;
  readonly check: CheckAnswer<ModelOutput<N>>;
}

/** Bounds of what a model may write, its thinking included. Code is long; a review is not. */
const MAX_OUTPUT_TOKENS: Readonly<Record<ModelOutputName, number>> = {
  Plan: 32_000,
  Review: 32_000,
  Implementation: 96_000,
  Refinement: 96_000,
  Advice: 8_000,
};

/** An answer longer than this is not shown to the model again. */
const MAX_SHOWN_ANSWER = 200_000;

/**
 * Asks the model and checks its answer. An answer that does not fit goes back once, with what is wrong with it; a second
 * one that does not fit is the failure `Baton.InvalidOutput`. Throws where `signal` was aborted, and on bugs.
 */
export async function ask<N extends ModelOutputName>(
  context: AskContext,
  question: Question<N>,
): Promise<Outcome<ModelOutput<N>>> {
  const request = requestFor(context, question);
  const first = await call(context, request);
  if (!first.ok) return first;
  const answer = parseAnswer(question.output, first.value.text, question.check);
  if (answer.ok) return answer;

  const second = await call(context, repairOf(request, first.value, answer.problems));
  if (!second.ok) return second;
  const repaired = parseAnswer(question.output, second.value.text, question.check);
  if (repaired.ok) return repaired;
  return {
    ok: false,
    error: BatonErrorName.invalidOutput,
    cause: `The model's answer is no ${question.output}, also after it was told so: ${repaired.problems.join('; ')}.`,
    retryable: true,
  };
}

function requestFor<N extends ModelOutputName>(context: AskContext, question: Question<N>): ModelRequest {
  const { template, variables, output } = question;
  return {
    agent: template.agent,
    template: { id: template.id, version: template.version },
    model: context.model,
    system: template.system,
    prompt: renderPrompt(template, variables),
    variables,
    output: { name: output, jsonSchema: jsonSchemaOf(output) },
    maxOutputTokens: MAX_OUTPUT_TOKENS[output],
    conversationId: context.conversationId,
  };
}

async function call(context: AskContext, request: ModelRequest): Promise<Outcome<ModelResponse>> {
  throwIfAborted(context.signal);
  try {
    const response = await context.callModel(request, context.signal);
    context.ledger.book(response, context.now());
    return { ok: true, value: response };
  } catch (error) {
    throwIfAborted(context.signal);
    if (error instanceof UnusableAnswer) context.ledger.book(error.spent, context.now());
    if (error instanceof RetryableError || error instanceof TerminalError) return failureOf(error);
    throw error;
  }
}

const failureOf = (thrown: RetryableError | TerminalError): TaskFailure => ({
  ok: false,
  error: errorNameOf(thrown),
  cause: describeError(thrown),
  retryable: thrown instanceof RetryableError,
});

/** A wrong key or an unknown model means that there is none to ask; an answer cut off at a limit, that it is no output. */
function errorNameOf(thrown: RetryableError | TerminalError): string {
  if (thrown.code === BatonErrorName.modelRefused) return BatonErrorName.modelRefused;
  return thrown instanceof UnusableAnswer ? BatonErrorName.invalidOutput : BatonErrorName.modelUnavailable;
}

function repairOf(request: ModelRequest, response: ModelResponse, problems: readonly string[]): ModelRequest {
  const answer =
    response.text.length <= MAX_SHOWN_ANSWER ? response.text : `${response.text.slice(0, MAX_SHOWN_ANSWER)}\n[cut]`;
  return {
    ...request,
    prompt: appendBlocks(
      request.prompt,
      [
        {
          intro: 'You have answered this before. This was your answer, as data:',
          name: 'previousAnswer',
          text: answer,
        },
        { intro: 'It could not be used, for these reasons:', name: 'problems', text: problems.join('\n') },
      ],
      `Answer again: one complete ${request.output.name} object in which these faults are gone and everything else is kept.`,
    ),
  };
}
