import { BatonErrorName, JsonObject } from '@baton/contracts';
import { z } from 'zod';
import { CONTEXT_LIMIT, CONTEXT_NEXT, type SpentCall, UnusableAnswer } from '../errors.js';
import type { ModelResponse, ModelUsage, ToolCall } from '../model.js';

const tokens = z
  .int()
  .nonnegative()
  .nullish()
  .transform((count) => count ?? 0);

const Usage = z.object({
  input_tokens: tokens,
  output_tokens: tokens,
  cache_read_input_tokens: tokens,
  cache_creation_input_tokens: tokens,
});

/** The usage of a message; null where it is none. */
export function usageIn(given: unknown): ModelUsage | null {
  const usage = Usage.safeParse(given);
  if (!usage.success) return null;
  return {
    inputTokens: usage.data.input_tokens,
    outputTokens: usage.data.output_tokens,
    cacheReadTokens: usage.data.cache_read_input_tokens,
    cacheWriteTokens: usage.data.cache_creation_input_tokens,
  };
}

/** What is read of a message. Servers other than Anthropic's leave parts of it out. */
const Message = z.object({
  model: z.string(),
  content: z.array(z.looseObject({ type: z.string(), text: z.string().optional() })),
  stop_reason: z.string().nullish(),
  stop_details: z.object({ category: z.string().nullish(), explanation: z.string().nullish() }).nullish(),
  usage: z.unknown().transform((given, context) => {
    const usage = usageIn(given);
    if (usage !== null) return usage;
    context.issues.push({ code: 'custom', message: 'is no usage', input: given });
    return z.NEVER;
  }),
});
type Message = z.infer<typeof Message>;

export interface AnswerContext {
  readonly requestId: string | null;
  readonly hasTools: boolean;
  /** The JSON of the tools' inputs as it came, by the place of its block. */
  readonly toolInputs: ReadonlyMap<number, string>;
}

/**
 * Turns a finished message into a response, or throws what its stop reason means. `pause_turn` and `max_tokens` are
 * responses here: whoever asked may go on from them.
 */
export function toResponse(finished: unknown, context: AnswerContext): ModelResponse {
  const message = Message.parse(finished);
  const stopReason = message.stop_reason ?? 'end_turn';
  const spent: SpentCall = { model: message.model, stopReason, usage: message.usage, requestId: context.requestId };
  const answered = (): ModelResponse => ({ ...spent, text: textOf(message), ...contentOf(message, context) });
  switch (stopReason) {
    case 'end_turn':
    case 'stop_sequence':
    case 'pause_turn':
    case 'max_tokens':
      return answered();
    case 'tool_use':
      if (context.hasTools) return answered();
      break;
    case 'refusal':
      throw new UnusableAnswer(`The model ${message.model} refused to answer${reasonOf(message)}.`, {
        code: BatonErrorName.modelRefused,
        next: 'Read the requirements for what it may object to, or choose another model with BATON_MODEL.',
        spent,
      });
    case 'model_context_window_exceeded':
      throw new UnusableAnswer(`Prompt and answer together are more than the model ${message.model} can hold.`, {
        code: CONTEXT_LIMIT,
        next: CONTEXT_NEXT,
        spent,
      });
  }
  throw new UnusableAnswer(`The model ${message.model} stopped for a reason Baton does not know: ${stopReason}.`, {
    code: 'model-unexpected-stop',
    next: 'Check whether this server speaks the Messages API as Anthropic describes it.',
    spent,
  });
}

/** What an answer that was cut at its limit is worth where nothing can go on with it. */
export const cutOff = (spent: SpentCall, maxOutputTokens: number): UnusableAnswer =>
  new UnusableAnswer(
    `The model ${spent.model} was cut off at the limit of ${maxOutputTokens} output tokens, its answer is incomplete.`,
    { code: 'model-output-limit', next: 'Raise the limit of this call, or ask for less at once.', spent },
  );

const textOf = ({ content }: Message): string =>
  content.flatMap(({ type, text }) => (type === 'text' && text !== undefined ? [text] : [])).join('');

const ToolUse = z.object({ type: z.literal('tool_use'), id: z.string(), name: z.string(), input: z.unknown() });

function contentOf(
  { content, stop_reason: stopReason }: Message,
  { toolInputs }: AnswerContext,
): Pick<ModelResponse, 'content' | 'toolCalls'> {
  const toolCalls: ToolCall[] = [];
  const blocks = content.map((block, index): JsonObject => {
    const json = JsonObject.parse(JSON.parse(JSON.stringify(block)));
    const use = ToolUse.safeParse(json);
    if (!use.success) return json;
    const { id, name } = use.data;
    const isLast = index === content.length - 1;
    // A call that was cut off could be taken for a whole one: with half a file, for example. Clients close what is open.
    const streamed = toolInputs.get(index);
    const isCut = streamed === undefined ? stopReason === 'max_tokens' && isLast : !isWhole(streamed);
    const input = isCut ? {} : (json.input ?? {});
    toolCalls.push({ id, name, input });
    return { ...json, input };
  });
  return { content: blocks, toolCalls };
}

/** A tool without arguments may be called with nothing. */
function isWhole(input: string): boolean {
  if (input.trim() === '') return true;
  try {
    return typeof JSON.parse(input) === 'object';
  } catch {
    return false;
  }
}

function reasonOf({ stop_details: details }: Message): string {
  const parts = [details?.category, details?.explanation].filter((part) => typeof part === 'string' && part !== '');
  return parts.length === 0 ? '' : ` (${parts.join(': ').replace(/\.$/, '')})`;
}
