import { BatonErrorName, Json, type JsonObject } from '@baton/contracts';
import { z } from 'zod';
import { inputTokensLikely } from '../call-ceiling.js';
import { INTERRUPTED, type SpentCall, UnusableAnswer } from '../errors.js';
import type { ModelRequest, ModelResponse, ModelUsage, ToolCall } from '../model.js';

const count = z
  .int()
  .nonnegative()
  .nullish()
  .transform((tokens) => tokens ?? 0);

/** What is read of a piece of an answer. Servers other than OpenAI's leave parts of it out. */
const Chunk = z.object({
  model: z.string().nullish(),
  choices: z
    .array(
      z.object({
        delta: z
          .object({
            content: z.string().nullish(),
            refusal: z.string().nullish(),
            /** What some servers call the thinking of their models. */
            reasoning_content: z.string().nullish(),
            tool_calls: z
              .array(
                z.object({
                  index: z.int().nonnegative().default(0),
                  id: z.string().nullish(),
                  function: z.object({ name: z.string().nullish(), arguments: z.string().nullish() }).nullish(),
                }),
              )
              .nullish(),
          })
          .nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .default([]),
  usage: z
    .object({
      prompt_tokens: count,
      completion_tokens: count,
      prompt_tokens_details: z.object({ cached_tokens: count }).nullish(),
    })
    .nullish(),
});

const BYTES_PER_OUTPUT_TOKEN = 4;

/** An answer as far as it has come. */
export interface CollectedChat {
  readonly add: (chunk: unknown) => void;
  readonly spent: () => SpentCall | null;
  readonly parts: () => ChatParts;
}

interface ChatParts {
  readonly text: string;
  readonly refusal: string;
  readonly calls: readonly { readonly id: string; readonly name: string; readonly input: string }[];
  readonly finishReason: string | null;
}

export function collectChat(request: ModelRequest, requestId: string | null): CollectedChat {
  let model: string | null = null;
  let usage: ModelUsage | null = null;
  let text = '';
  let refusal = '';
  let finishReason: string | null = null;
  let bytes = 0;
  const calls: { id: string; name: string; input: string }[] = [];
  /** Where a call stands, by the place that its server gives. */
  const slots = new Map<number, number>();

  const addCall = (index: number, id: string | null | undefined, name = '', input = ''): void => {
    const known = slots.get(index);
    const open = known === undefined ? undefined : calls[known];
    // Some servers give every call the same place.
    const isAnother = open !== undefined && id != null && id !== '' && id !== open.id && name !== '';
    if (open === undefined || isAnother) {
      slots.set(index, calls.length);
      calls.push({ id: id == null || id === '' ? `call_${calls.length}` : id, name, input });
      return;
    }
    open.name += name;
    open.input += input;
  };

  return {
    add: (given) => {
      const chunk = Chunk.parse(given);
      model ??= chunk.model ?? request.model;
      const { delta, finish_reason: reason } = chunk.choices[0] ?? {};
      finishReason = reason ?? finishReason;
      text += delta?.content ?? '';
      refusal += delta?.refusal ?? '';
      for (const { index, id, function: called } of delta?.tool_calls ?? []) {
        addCall(index, id, called?.name ?? '', called?.arguments ?? '');
        bytes += Buffer.byteLength(called?.arguments ?? '');
      }
      bytes += Buffer.byteLength((delta?.content ?? '') + (delta?.reasoning_content ?? ''));
      if (chunk.usage != null) usage = usageOf(chunk.usage);
    },
    spent: () => {
      if (model === null) return null;
      const outputTokens = Math.ceil(bytes / BYTES_PER_OUTPUT_TOKEN);
      const guessed = {
        inputTokens: inputTokensLikely(request),
        outputTokens,
        cacheReadTokens: 0,
        cacheWriteTokens: 0,
      };
      return { model, stopReason: finishReason ?? INTERRUPTED, usage: usage ?? guessed, requestId };
    },
    parts: () => ({ text, refusal, calls, finishReason }),
  };
}

function usageOf(usage: NonNullable<z.infer<typeof Chunk>['usage']>): ModelUsage {
  const cached = Math.min(usage.prompt_tokens_details?.cached_tokens ?? 0, usage.prompt_tokens);
  return {
    inputTokens: usage.prompt_tokens - cached,
    outputTokens: usage.completion_tokens,
    cacheReadTokens: cached,
    cacheWriteTokens: 0,
  };
}

/** The whole answer, in the words of the Messages API. Throws what its end means. */
export function chatAnswer(collected: CollectedChat, request: ModelRequest): ModelResponse {
  const spent = collected.spent();
  const { text, refusal, calls, finishReason } = collected.parts();
  if (spent === null || finishReason === null) throw new Error('the answer has no end');
  if (refusal !== '' || finishReason === 'content_filter') throw refused(spent, refusal);
  const stopReason = finishReason === 'length' ? 'max_tokens' : calls.length > 0 ? 'tool_use' : 'end_turn';
  const toolCalls = calls.map(({ id, name, input }, index): ToolCall => {
    const isLast = index === calls.length - 1;
    const isCut = stopReason === 'max_tokens' && isLast && jsonOf(input) === null;
    return { id, name, input: isCut ? {} : (jsonOf(input) ?? input) };
  });
  const content = text === '' && calls.length === 0 ? [] : [messageOf(text, toolCalls)];
  if (stopReason === 'tool_use' && request.tools === undefined) {
    throw new UnusableAnswer(`The model ${spent.model} called a tool although it was given none.`, {
      code: 'model-unexpected-stop',
      next: 'Choose another model with BATON_MODEL.',
      spent,
    });
  }
  return { ...spent, stopReason, text, content, toolCalls };
}

const messageOf = (text: string, calls: readonly ToolCall[]): JsonObject => ({
  role: 'assistant',
  content: text === '' ? null : text,
  ...(calls.length === 0
    ? {}
    : {
        tool_calls: calls.map(({ id, name, input }) => ({
          id,
          type: 'function',
          function: { name, arguments: typeof input === 'string' ? input : JSON.stringify(input) },
        })),
      }),
});

const refused = (spent: SpentCall, reason: string): UnusableAnswer =>
  new UnusableAnswer(
    `The model ${spent.model} refused to answer${reason === '' ? '' : ` (${reason.slice(0, 300)})`}.`,
    {
      code: BatonErrorName.modelRefused,
      next: 'Read the requirements for what it may object to, or choose another model with BATON_MODEL.',
      spent,
    },
  );

/** Null where it is no JSON. A tool without arguments may be called with nothing. */
function jsonOf(text: string): Json | null {
  if (text.trim() === '') return {};
  try {
    return Json.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
