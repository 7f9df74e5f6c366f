import type { JsonObject } from '@baton/contracts';
import { UnusableAnswer } from '../errors.js';
import type { ModelRequest, ModelResponse } from '../model.js';
import { cutOff } from './messages-answer.js';
import { joined, withEarlier } from './several-calls.js';

/** Makes one call. `paused` is what the model had answered when it paused. */
export type AskOnce = (request: ModelRequest, paused: readonly JsonObject[]) => Promise<ModelResponse>;

/** What one answer of the model can be. */
export interface AnswerLimits {
  readonly isWhole: boolean;
  readonly mostTokens: number;
}

/** A model that pauses more often is going round in circles. */
const MAX_PAUSES = 5;
/** Answers of a model with a small limit are put together up to so many pieces. */
const MAX_PIECES = 8;
const GO_ON =
  'Your answer was cut off because it reached the limit of one answer. Go on exactly where it stops: repeat nothing, explain nothing.';

/**
 * One answer, in as many calls as it takes: a model that pauses is let go on, and a text that is longer than the model's
 * own limit is gone on with, as long as the caller's limit is not reached. Where an answer has to be whole in itself
 * (`isWhole`: a schema that the server holds it to) a cut one is UnusableAnswer `model-output-limit`. With tools the caller
 * sees the cut.
 */
export async function inSeveralCalls(
  ask: AskOnce,
  request: ModelRequest,
  answers: AnswerLimits,
): Promise<ModelResponse> {
  const first = await ask(request, []);
  const answered = await untilUnpaused(ask, request, first);
  if (answered.stopReason !== 'max_tokens' || request.tools !== undefined) return answered;
  return untilComplete(ask, request, answered, answers);
}

async function untilUnpaused(ask: AskOnce, request: ModelRequest, first: ModelResponse): Promise<ModelResponse> {
  let answer = first;
  for (let pauses = 1; answer.stopReason === 'pause_turn'; pauses += 1) {
    if (pauses > MAX_PAUSES) {
      throw new UnusableAnswer(`The model ${answer.model} paused ${pauses} times before it had answered.`, {
        code: 'model-paused',
        next: 'Ask for less at once, or take another model.',
        spent: answer,
      });
    }
    answer = joined(answer, await after(answer, () => ask(request, answer.content)));
  }
  return answer;
}

async function untilComplete(
  ask: AskOnce,
  request: ModelRequest,
  first: ModelResponse,
  { isWhole, mostTokens }: AnswerLimits,
): Promise<ModelResponse> {
  let answer = first;
  for (let pieces = 1; answer.stopReason === 'max_tokens'; pieces += 1) {
    const left = request.maxOutputTokens - answer.usage.outputTokens;
    if (isWhole || left <= 0 || pieces >= MAX_PIECES)
      throw cutOff(answer, isWhole ? mostTokens : request.maxOutputTokens);
    const turn = { content: answer.content, outcomes: [], note: GO_ON };
    const going = { ...request, maxOutputTokens: left, turns: [...(request.turns ?? []), turn] };
    answer = joined(answer, await after(answer, () => ask(going, [])));
  }
  return answer;
}

async function after(earlier: ModelResponse, work: () => Promise<ModelResponse>): Promise<ModelResponse> {
  try {
    return await work();
  } catch (thrown) {
    throw withEarlier(thrown, earlier);
  }
}
