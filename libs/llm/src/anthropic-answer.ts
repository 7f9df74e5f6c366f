import { BatonErrorName, RetryableError } from '@baton/contracts';
import { z } from 'zod';
import { type SpentCall, UnusableAnswer } from './errors.js';
import type { ModelResponse } from './model.js';

const tokens = z
  .int()
  .nonnegative()
  .nullish()
  .transform((count) => count ?? 0);

/** What is read of a message. Servers other than Anthropic's leave parts of it out. */
const Message = z.object({
  model: z.string(),
  content: z.array(z.looseObject({ type: z.string(), text: z.string().optional() })),
  stop_reason: z.string().nullish(),
  stop_details: z.object({ category: z.string().nullish(), explanation: z.string().nullish() }).nullish(),
  usage: z.object({
    input_tokens: tokens,
    output_tokens: tokens,
    cache_read_input_tokens: tokens,
    cache_creation_input_tokens: tokens,
  }),
});
type Message = z.infer<typeof Message>;

/** Turns a finished message into a response, or throws what its stop reason means. */
export function toResponse(
  finished: unknown,
  context: { readonly requestId: string | null; readonly maxOutputTokens: number },
): ModelResponse {
  const message = Message.parse(finished);
  const stopReason = message.stop_reason ?? 'end_turn';
  const spent: SpentCall = {
    model: message.model,
    stopReason,
    usage: {
      inputTokens: message.usage.input_tokens,
      outputTokens: message.usage.output_tokens,
      cacheReadTokens: message.usage.cache_read_input_tokens,
      cacheWriteTokens: message.usage.cache_creation_input_tokens,
    },
    requestId: context.requestId,
  };
  switch (stopReason) {
    case 'end_turn':
    case 'stop_sequence':
      return { ...spent, text: textOf(message) };
    case 'refusal':
      throw new UnusableAnswer(`The model ${message.model} refused to answer${reasonOf(message)}.`, {
        code: BatonErrorName.modelRefused,
        next: 'Read the requirements for what it may object to, or choose another model with BATON_MODEL.',
        spent,
      });
    case 'max_tokens':
      throw new UnusableAnswer(
        `The model ${message.model} was cut off at the limit of ${context.maxOutputTokens} output tokens, its answer is incomplete.`,
        { code: 'model-output-limit', next: 'Raise the limit of this call, or ask for less at once.', spent },
      );
    case 'model_context_window_exceeded':
      throw new UnusableAnswer(`Prompt and answer together are more than the model ${message.model} can hold.`, {
        code: 'model-context-limit',
        next: 'Shorten the requirements or the files, or choose a model with a larger context.',
        spent,
      });
    case 'pause_turn':
      throw new RetryableError(`The model ${message.model} paused before it had answered.`, {
        code: 'model-paused',
        next: 'Nothing to do: the call is repeated.',
        retryAfterMs: 1000,
      });
    default:
      throw new UnusableAnswer(`The model ${message.model} stopped for a reason Baton does not know: ${stopReason}.`, {
        code: 'model-unexpected-stop',
        next: 'Check whether this server speaks the Messages API as Anthropic describes it.',
        spent,
      });
  }
}

const textOf = ({ content }: Message): string =>
  content.flatMap(({ type, text }) => (type === 'text' && text !== undefined ? [text] : [])).join('');

function reasonOf({ stop_details: details }: Message): string {
  const parts = [details?.category, details?.explanation].filter((part) => typeof part === 'string' && part !== '');
  return parts.length === 0 ? '' : ` (${parts.join(': ').replace(/\.$/, '')})`;
}
